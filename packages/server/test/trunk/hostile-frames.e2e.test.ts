import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { encodeFrame, encodeJsonFrame, FRAME, TERMINAL_SUBPROTOCOL } from '@sallyport/core/wire/terminal-frames.js';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { closeShell, standBastion } from '../fixtures/bastion.js';
import { until } from '../fixtures/terminal-page.js';

const bastion = standBastion('hostile');
const text = (value: string): Buffer => Buffer.from(value);
const closing = (): readonly (Uint8Array | string)[] => [
  '', // S21: text frames are refused
  '{"data":"ls"}',
  new Uint8Array(0),
  new Uint8Array([1]),
  new Uint8Array([1, 0]),
  encodeFrame(FRAME.OPEN, 1),
  encodeFrame(FRAME.OPEN, 1, text('{')),
  encodeFrame(FRAME.OPEN, 1, text('[]')),
  encodeFrame(FRAME.OPEN, 1, text('null')),
  encodeFrame(FRAME.OPEN, 1, text('"x"')),
  encodeFrame(FRAME.OPEN, 1, text('{}')),
  encodeFrame(FRAME.OPEN, 1, text('{"ticket":1}')),
  encodeFrame(FRAME.OPEN, 1, text('{"ticket":{}}')),
  encodeFrame(FRAME.OPEN, 1, text(`{"ticket":"${'a'.repeat(1000)}"}`)),
  encodeFrame(FRAME.OPEN, 1, text('{"ticket":"a","__proto__":{"x":1}}')),
  encodeFrame(FRAME.OPEN, 1, text('{"ticket":"a","from":-1}')),
  encodeFrame(FRAME.OPEN, 1, text('{"ticket":"a","from":"1"}')),
  encodeFrame(FRAME.OPEN, 1, text('{"ticket":"a","from":1e99}')),
  encodeFrame(FRAME.OPEN, 1, new Uint8Array([0xff, 0xfe])),
  encodeFrame(FRAME.RESIZE, 1, new Uint8Array(3)),
  encodeFrame(FRAME.RESIZE, 1, new Uint8Array(5)),
  encodeFrame(FRAME.CREDIT, 1, new Uint8Array(0)),
  encodeFrame(FRAME.PING, 1, new Uint8Array(8)),
  encodeFrame(FRAME.CLOSE, 1, new Uint8Array(1)),
  ...Array.from({ length: 60 }, (_, i) => encodeFrame((i < 30 ? 0x07 + i : 0x81 + i) as 1, 1, randomBytes(i))),
  new Uint8Array(1 << 20),
  ...Array.from({ length: 16 }, () =>
    Buffer.concat([Buffer.from([0x40 + (randomBytes(1)[0]! & 0x3f)]), randomBytes(40)]),
  ),
];

describe('hostile pages', () => {
  it('F13, V44, S21: a hundred kinds of bad frame end their own connection and nothing else', async () => {
    const good = await bastion.openPage();
    const terminal = await bastion.openShell(good);
    const kinds = closing();
    expect(kinds.length).toBeGreaterThanOrEqual(100);
    for (const frame of kinds) {
      const page = await bastion.openPage();
      page.ws.send(frame);
      expect([1002, 1009], `closed by ${Buffer.from(frame).toString('hex').slice(0, 80)}`).toContain(await page.closed);
    }
    terminal.type('echo still-$((40+2))\r');
    await until('the good page to work', () => terminal.text().includes('still-42'));
    await closeShell(terminal);
    good.drop();
  });

  it('frames for terminals that are not there are late, not wrong', async () => {
    const page = await bastion.openPage();
    page.ws.send(encodeFrame(FRAME.INPUT, 9, text('ls\r')));
    page.ws.send(encodeFrame(FRAME.CREDIT, 9, new Uint8Array(4)));
    expect(await page.ping(7)).toBeGreaterThan(0);
    page.drop();
  });

  it('V4: a hundred guessed tickets are refused one by one', async () => {
    const page = await bastion.openPage();
    const tries = Array.from({ length: 30 }, () => page.open(randomBytes(32).toString('base64url')));
    await until('the refusals', () => tries.every((terminal) => terminal.ended?.code === 'ticket.invalid'));
    page.drop();
  });

  it('V30, W6: no 101 for another origin, none without a cookie, none without our subprotocol', async () => {
    const url = `${bastion.product.url.replace('http', 'ws')}/api/v1/terminal`;
    const attempt = (headers: Record<string, string>, protocol = TERMINAL_SUBPROTOCOL): Promise<number> =>
      new Promise((resolve) => {
        const ws = new WebSocket(url, protocol, { headers });
        ws.on('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0));
        ws.on('open', () => resolve(101));
        ws.on('error', () => {});
      });
    const { cookie } = bastion.admin.headers as { cookie: string };
    const port = new URL(bastion.product.url).port;
    for (const origin of [
      'https://evil.example',
      'null',
      `${bastion.product.url}.evil.example`,
      'http://127.0.0.1:1',
      `http://localhost.evil:${port}`,
    ]) {
      expect([origin, await attempt({ cookie, origin })]).toEqual([origin, 403]);
    }
    expect(await attempt({ origin: bastion.product.url })).toBe(401);
    expect(await attempt({ origin: bastion.product.url, cookie: 'sallyport-loopback=forged' })).toBe(401);
    expect(await attempt({ cookie, origin: bastion.product.url }, 'chat')).toBe(400);
    expect(await attempt({ cookie, origin: bastion.product.url })).toBe(101);
  });

  it('V11, F12: 300 silent connections do not keep a new page from opening', async () => {
    const silent = Array.from({ length: 300 }, () => connect(Number(new URL(bastion.product.url).port), '127.0.0.1'));
    for (const socket of silent) socket.on('error', () => {});
    const started = performance.now();
    const page = await bastion.openPage();
    const terminal = await bastion.openShell(page);
    expect(performance.now() - started).toBeLessThan(5_000);
    await closeShell(terminal);
    for (const socket of silent) socket.destroy();
    page.drop();
  });

  it('OPEN for a number that is in use is malformed', async () => {
    const page = await bastion.openPage();
    page.ws.send(encodeJsonFrame(FRAME.OPEN, 1, { ticket: 'a' }));
    page.ws.send(encodeJsonFrame(FRAME.OPEN, 1, { ticket: 'a' }));
    expect(await page.closed).toBe(1002);
  });
});
