/** A block on the product with a real sshd behind it: at once, on everything of one user, and over a restart. */
import type { BlockAnswer, BlocksAnswer } from '@sallyport/core/wire/control-messages.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeShell, standBastion } from '../fixtures/bastion.js';
import { addUser, type Person, signIn, startProduct } from '../fixtures/product.js';
import { type TerminalPage, until } from '../fixtures/terminal-page.js';

const bastion = standBastion('web-01');
let [alice, bob]: Person[] = [];
let pages: TerminalPage[] = [];
let token = '';
beforeAll(async () => {
  const { admin, product } = bastion;
  [alice, bob] = [await addUser(admin, product.url, 'alice'), await addUser(admin, product.url, 'bob')];
  pages = [await bastion.openPage(alice), await bastion.openPage(bob)];
  ({ token } = await alice.call<{ token: string }>('POST', 'me/tokens', { name: 'script', days: 1 }));
});
afterAll(() => {
  for (const page of pages) page.drop();
});

const PASSWORD = '5-sturdy-Lantern-77';
const byToken = (url: string): Promise<Response> =>
  fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;

describe('a block', () => {
  it('X44, S51, S52: cuts an open shell within a second and refuses sign-in, token and every access; others go on', async () => {
    const [own, other] = [
      await bastion.openShell(pages[0]!, undefined, alice),
      await bastion.openShell(pages[1]!, undefined, bob),
    ];
    expect((await byToken(bastion.product.url)).status).toBe(200);
    const from = performance.now();
    const body = { userId: alice!.me.user.id, minutes: 720, reason: 'left the company' };
    const made = await bastion.admin.call<BlockAnswer>('POST', 'blocks', body);
    const ended = await until('the page to be told', () => own.ended);
    const tookMs = performance.now() - from;
    expect(ended).toMatchObject({ reason: 'ended-by-policy', code: 'access.blocked' });
    expect(JSON.stringify(ended)).not.toContain('company'); // ADR 0025
    expect(tookMs).toBeLessThan(1_000);

    for (const answer of [
      await alice!.request('GET', 'me'),
      await alice!.request('GET', 'sessions'),
      await byToken(bastion.product.url),
    ]) {
      expect(answer.status).toBe(403);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      const told = (await answer.json()) as {
        code: string;
        title: string;
        next: string;
        params: Record<string, string>;
      };
      expect(told.code).toBe('access.blocked');
      expect(told.title).toContain(told.params.until);
      expect(told.next).toContain(told.params.decision);
      expect(told.params.decision).toMatch(/^[0-9a-z]{26}$/);
    }
    await expect(signIn(bastion.product.url, 'alice', PASSWORD)).rejects.toThrow('403');
    // Before the proof nothing is told of it (S79).
    await expect(signIn(bastion.product.url, 'alice', 'wrong-Lantern-77')).rejects.toThrow('auth.failed');

    other.type('echo un$((1))touched\r');
    await until('the shell of the other to go on', () => other.text().includes('un1touched'));
    await closeShell(other);
    const listed = await bastion.admin.call<BlocksAnswer>('GET', 'blocks');
    expect(listed.items).toMatchObject([{ id: made.id, userName: 'alice', by: 'admin', reason: 'left the company' }]);
  });

  it('of oneself, or of the last administrator, is refused', async () => {
    const own = { userId: bastion.admin.me.user.id, minutes: 5, reason: 'r' };
    const refused = await bastion.admin.request('POST', 'blocks', own);
    expect([refused.status, await codeOf(refused)]).toEqual([409, 'block.self']);
  });

  it('W23: outlasts a restart, and a lift lets in at once', async () => {
    await bastion.product.kill('SIGTERM');
    const again = await startProduct({ data: bastion.product.data });
    try {
      await expect(signIn(again.url, 'alice', PASSWORD)).rejects.toThrow('access.blocked');
      const answer = await byToken(again.url);
      expect([answer.status, await codeOf(answer)]).toEqual([403, 'access.blocked']);
      const admin = await signIn(again.url, 'admin', 'gate-Keeper-2026!');
      const { items } = await admin.call<BlocksAnswer>('GET', 'blocks');
      await admin.call('DELETE', `blocks/${items[0]!.id}?reason=came%20back`);
      await signIn(again.url, 'alice', PASSWORD);
      expect((await byToken(again.url)).status).toBe(200);
      expect((await admin.call<BlocksAnswer>('GET', 'blocks')).items).toEqual([]);
    } finally {
      await again.stop();
    }
  });
});
