import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ok } from '@sallyport/core/model/problem.js';
import {
  encodeJsonFrame,
  encodeNumberFrame,
  FRAME,
  TERMINAL_SUBPROTOCOL,
} from '@sallyport/core/wire/terminal-frames.js';
import { WATCH_PATH, WATCH_SUBPROTOCOL, type Watching } from '@sallyport/core/wire/watch-frames.js';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { fakeClock } from '../../../../test/fixtures/fake-clock.js';
import type { Gateway } from '../../../gateway/gateway.js';
import type { CurrentSignIn } from '../../../gateway/ports/identity.js';
import { attachWebTerminal, TERMINAL_PATH } from './attach.js';
import { CLOSE } from './frame-socket.js';

type Listener = (id: string) => void;

/** A real server and real sockets; the cookie is `user/credential`. */
async function attached(gateway: Partial<Gateway> = {}) {
  const server = createServer();
  const clock = fakeClock();
  const told: { revoked?: Listener; signedOut?: Listener } = {};
  const terminal = attachWebTerminal({
    server,
    async authenticateUpgrade({ headers }) {
      const [userId = '', credentialId = ''] = (headers.cookie ?? '').split('/');
      return ok({ principal: { userId, credentialId, address: '127.0.0.1' } } as CurrentSignIn);
    },
    gateway: gateway as Gateway,
    signIns: {
      onRevoked(call) {
        told.revoked = call;
        return () => delete told.revoked;
      },
      onSignedOut(call) {
        told.signedOut = call;
        return () => delete told.signedOut;
      },
    },
    clock,
    log: { error: () => {} },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const page = async (cookie: string, path: string = TERMINAL_PATH, subprotocol: string = TERMINAL_SUBPROTOCOL) => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, subprotocol, { headers: { cookie } });
    const closed = once(ws, 'close').then(([code]) => code as number);
    onTestFinished(() => ws.terminate());
    await once(ws, 'open');
    return { ws, closed };
  };
  return { terminal, told, page, clock };
}

test('V40: a sign-out closes the sockets of that sign-in at once, and no others', async () => {
  const { terminal, told, page } = await attached();
  const mine = [await page('ada/c1'), await page('ada/c1')];
  const others = [await page('ada/c2'), await page('bob/c3')];
  expect(terminal.sockets).toBe(4);
  told.signedOut?.('c1');
  for (const { closed } of mine) expect(await closed).toBe(CLOSE.signedOut);
  await expect.poll(() => terminal.sockets).toBe(2);
  for (const { ws } of others) expect(ws.readyState).toBe(WebSocket.OPEN);

  told.revoked?.('bob');
  expect(await others[1]!.closed).toBe(CLOSE.signedOut);
  expect(others[0]!.ws.readyState).toBe(WebSocket.OPEN);

  terminal.close();
  expect(await others[0]!.closed).toBe(CLOSE.shutdown);
  expect(told).toEqual({});
});

test('V13, V40: a page that does not answer the close is cut, and is gone for the gateway', async () => {
  const { terminal, told, page, clock } = await attached();
  const { ws } = await page('eve/c4');
  ws.pause(); // it reads nothing, and so answers nothing
  told.revoked?.('eve');
  expect(terminal.sockets).toBe(1);
  clock.advance(2_000);
  await expect.poll(() => terminal.sockets).toBe(0);
});

test('V26, F20: whoever watches a session that requires it is found gone within two pings, 2 s apart; others are not pinged so', async () => {
  const { page, clock } = await attached({
    async watch(_, ticket, end) {
      end.start({ onCredit: () => {}, onRefused: () => {}, onGone: () => {} });
      end.watching((ticket === 'required' ? { watcherRequired: 'there' } : {}) as Watching);
      return ok(undefined);
    },
  });
  const watch = async (ticket: string) => {
    const { ws, closed } = await page(`eve/${ticket}`, WATCH_PATH, WATCH_SUBPROTOCOL);
    /** What was sent before it has been read, pongs too. */
    const heard = async () => {
      ws.send(encodeNumberFrame(FRAME.PING, 0, 1));
      await once(ws, 'message');
    };
    const facts = once(ws, 'message');
    ws.send(encodeJsonFrame(FRAME.OPEN, 1, { ticket }));
    await facts;
    await heard();
    return { ws, closed, heard };
  };
  const [required, other] = [await watch('required'), await watch('other')];
  for (let n = 0; n < 3; n++) {
    const pinged = once(required.ws, 'ping');
    clock.advance(2_000);
    await pinged;
    await required.heard();
  }
  required.ws.pause();
  other.ws.pause();
  clock.advance(2_000);
  expect(required.ws.readyState).toBe(WebSocket.OPEN);
  clock.advance(2_000);
  required.ws.resume();
  await required.closed;
  expect(other.ws.readyState).toBe(WebSocket.OPEN);
});
