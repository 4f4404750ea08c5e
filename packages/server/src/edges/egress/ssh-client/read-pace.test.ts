import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paceReads } from './read-pace.js';

const server = createServer({ noDelay: true });
let sender: Socket;
let socket: Socket;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const accepted = once(server, 'connection');
  socket = connect(address.port, '127.0.0.1');
  [sender] = await accepted;
  paceReads(socket);
});
afterAll(() => {
  socket.destroy();
  sender.destroy();
  server.close();
});

describe('reading at a pace', () => {
  it('never makes small output wait', async () => {
    let paused = 0;
    socket.on('pause', () => paused++);
    for (let key = 0; key < 200; key++) {
      sender.write(Buffer.alloc(100, key));
      await once(socket, 'data');
    }
    socket.removeAllListeners('pause');
    expect(paused).toBe(0);
  });

  it('lets a flood gather, loses nothing and keeps the order', async () => {
    let paused = 0;
    let bytes = 0;
    const got = createHash('sha256');
    const sent = createHash('sha256');
    const total = 16 * 1024 * 1024;
    let arrived = (): void => {};
    const whole = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const take = (chunk: Buffer): void => {
      got.update(chunk);
      bytes += chunk.length;
      if (bytes === total) arrived();
    };
    socket.on('data', take);
    socket.on('pause', () => paused++);
    for (let at = 0; at < total; at += 4096) {
      const packet = randomBytes(4096);
      sent.update(packet);
      if (!sender.write(packet)) await once(sender, 'drain');
    }
    await whole;
    socket.off('data', take);
    expect(got.digest('hex')).toBe(sent.digest('hex'));
    expect(paused).toBeGreaterThan(0);
  });

  it('tells the end of a connection that ends while it waits', async () => {
    const ended = once(socket, 'end');
    sender.end(Buffer.alloc(50_000));
    await ended;
  });
});
