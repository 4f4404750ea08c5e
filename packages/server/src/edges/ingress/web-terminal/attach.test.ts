import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ok } from '@sallyport/core/model/problem.js';
import { TERMINAL_SUBPROTOCOL } from '@sallyport/core/wire/terminal-frames.js';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { fakeClock } from '../../../../test/fixtures/fake-clock.js';
import type { Gateway } from '../../../gateway/gateway.js';
import type { CurrentSignIn } from '../../../gateway/ports/identity.js';
import { attachWebTerminal, TERMINAL_PATH } from './attach.js';
import { CLOSE } from './frame-socket.js';

type Listener = (id: string) => void;

/** A real server and real sockets; the cookie is `user/credential`. */
async function attached() {
  const server = createServer();
  const clock = fakeClock();
  const told: { revoked?: Listener; signedOut?: Listener } = {};
  const terminal = attachWebTerminal({
    server,
    async authenticateUpgrade({ headers }) {
      const [userId = '', credentialId = ''] = (headers.cookie ?? '').split('/');
      return ok({ principal: { userId, credentialId, address: '127.0.0.1' } } as CurrentSignIn);
    },
    gateway: {} as Gateway,
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
  const page = async (cookie: string) => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}${TERMINAL_PATH}`, TERMINAL_SUBPROTOCOL, { headers: { cookie } });
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
