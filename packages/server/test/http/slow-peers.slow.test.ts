/** F12, V11: peers that open and then say little or nothing, against the product as a process of its own. */
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, type Product, setUp, signIn, startProduct } from '../fixtures/product.js';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
  await setUp(product);
});
afterAll(() => product.stop());

const PEERS = 2000;
const SAID = [
  '',
  'POST /api/v1/sign-in HTTP/1.1\r\nhost: a\r\n',
  'POST /api/v1/sign-in HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n{',
];
const openFiles = (): number => readdirSync(`/proc/${product.process.pid}/fd`).length;

test('F12: two thousand half-open connections: a new sign-in is served, all are cut within a minute', async () => {
  const before = openFiles();
  const timeSignIns = async (): Promise<number> => {
    let longest = 0;
    for (let i = 0; i < 20; i++) {
      const at = performance.now();
      await signIn(product.url, ADMIN.name, ADMIN.password); // two requests: sign-in, and who am I
      longest = Math.max(longest, performance.now() - at);
    }
    return longest;
  };
  const alone = await timeSignIns();

  const sockets = Array.from({ length: PEERS }, (_, i): Socket => {
    const localAddress = `127.0.3.${1 + (i % 8)}`;
    const socket = connect({ port: Number(new URL(product.url).port), host: '127.0.0.1', localAddress });
    socket.on('error', () => undefined);
    socket.on('connect', () => void socket.write(SAID[i % SAID.length] ?? ''));
    return socket.resume();
  });
  // A byte now and then must not keep a request alive.
  const trickle = setInterval(() => {
    for (const [i, socket] of sockets.entries()) if (i % SAID.length !== 0 && socket.writable) socket.write('a');
  }, 2000);
  try {
    // The queue of the listening socket holds some 500; how many more stand at once is the machine's affair.
    await expect.poll(openFiles, { timeout: 20_000 }).toBeGreaterThan(before + 500);
    const beside = await timeSignIns();
    console.info(`the longest of 20 sign-ins, ms: alone ${alone.toFixed(0)}, beside the silent ${beside.toFixed(0)}`);
    expect(beside).toBeLessThan(10_000); // they do not wait for the silent, who stay for up to a minute
    // A few were never the gateway's: where its queue ran over, the kernel keeps the peer believing for a minute more.
    const uncut = (): number => sockets.filter(({ destroyed }) => !destroyed).length;
    await expect.poll(uncut, { timeout: 60_000 }).toBeLessThan(PEERS / 100);
    await expect.poll(openFiles, { timeout: 40_000 }).toBeLessThan(before + 20);
  } finally {
    clearInterval(trickle);
    for (const socket of sockets) socket.destroy();
  }
});
