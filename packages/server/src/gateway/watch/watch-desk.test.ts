/** Who is let in to watch, from when on, and what is written down of it. */
import { ok } from '@sallyport/core/model/problem.js';
import { describe, expect, it } from 'vitest';
import { userNamed } from '../../../test/fixtures/memory-control.js';
import { alice, bob, later, lin, memoryGateway, settled, wang } from '../../../test/fixtures/memory-gateway.js';
import { watcherPage } from '../../../test/fixtures/watcher-page.js';
import { userFacts } from '../control/standing-facts.js';

describe('the desk of watchers', () => {
  it('W7: whoever watches stands in the audit log before the first cell, in the facts meanwhile, and with the length after', async () => {
    const one = memoryGateway();
    const { id, told: operator } = await one.open();
    await settled();
    const page = watcherPage();
    expect((await one.watch(lin, id, page.end)).ok).toBe(true);
    expect([one.actions('session.watch').length, page.told.screens]).toEqual([1, 0]);
    expect(one.gateway.watchersOf(id)).toEqual(['lin']);
    expect(operator.notices).toEqual([{ kind: 'watched', names: ['lin'] }]);
    await settled();
    expect(page.told.facts[0]).toMatchObject({ sessionId: id, watchers: ['lin'], recorded: true, notice: 'always' });
    one.clock.advance(65_400);
    page.does().onGone();
    page.does().onGone();
    await settled();
    expect(one.gateway.watchersOf(id)).toEqual([]);
    const target = `session:${id}`;
    expect(one.audited.filter(({ action }) => action.startsWith('session.watch'))).toMatchObject([
      { action: 'session.watch', actor: 'lin', target, detail: { host: 'web-01', user: 'alice', watchers: 1 } },
      { action: 'session.watch-end', actor: 'lin', target, detail: { seconds: 65 } },
    ]);
  });

  it('W5: for whoever may not, at the ticket and at its use, there is no session', async () => {
    const one = memoryGateway();
    const { id } = await one.open();
    await settled();
    for (const asked of [id, '0'.repeat(26)]) {
      expect(await one.gateway.issueWatchTicket(bob, asked)).toMatchObject({ problem: { code: 'not-found' } });
    }
    const ticket = await one.gateway.issueWatchTicket(lin, id);
    if (!ticket.ok) throw new Error('no ticket');
    const page = watcherPage();
    await one.control.room.change('test', (book) => ok(userFacts(book, 'lin', userNamed('lin', 'operator'))));
    expect(await one.gateway.watch(lin, ticket.value.ticket, page.end)).toMatchObject({
      problem: { code: 'not-found' },
    });
    // V13: the right is asked again; the try has used the ticket up.
    expect(await one.gateway.watch(lin, ticket.value.ticket, page.end)).toMatchObject({
      problem: { code: 'ticket.invalid' },
    });
    expect(one.actions('session.watch')).toEqual([]);
  });

  it('S30: over since the ticket was given, or while it is written down: told so, and nobody has watched', async () => {
    const gate = { now: later() };
    gate.now.keep();
    const one = memoryGateway({ turn: () => gate.now.kept });
    const { id } = await one.open();
    await settled();
    const ticket = await one.gateway.issueWatchTicket(lin, id);
    if (!ticket.ok) throw new Error('no ticket');
    gate.now = later();
    const page = watcherPage();
    const watching = one.gateway.watch(lin, ticket.value.ticket, page.end);
    const ended = one.gateway.end(alice, id, {});
    gate.now.keep();
    await ended;
    expect(await watching).toMatchObject({ problem: { code: 'session.over' } });
    expect(page.told).toMatchObject({ facts: [], screens: 0 });
    expect(await one.gateway.issueWatchTicket(lin, id)).toMatchObject({ problem: { code: 'session.over' } });
  });

  it('W1, S29: a session that opens is watched from its first byte, and its watcher is told when the shell is there', async () => {
    const one = memoryGateway();
    const host = later();
    one.wait.host = host.kept;
    const { id, told: operator } = await one.open();
    const page = watcherPage();
    expect((await one.watch(lin, id, page.end)).ok).toBe(true);
    await settled();
    expect(page.told.facts.map(({ opening }) => opening)).toEqual([true]);
    expect(page.told.screens).toBe(1);
    host.keep();
    await settled();
    expect(page.told.facts.at(-1)).toMatchObject({ recorded: true, watchers: ['lin'] });
    expect(page.told.facts.at(-1)?.opening).toBeUndefined();
    one.shells[0]!.print('first byte');
    one.clock.advance(50);
    expect([page.text(), page.told.offset]).toEqual(['first byte', 10]);
    // The operator's page is told when it can show it.
    expect(operator.opened).toBe(1);
    expect(operator.notices.at(-1)).toEqual({ kind: 'watched', names: ['lin'] });
  });

  it('S35: a session that never opens ends its watches with the reason its user reads', async () => {
    const one = memoryGateway();
    one.wait.host = later().kept;
    const { id, told } = await one.open();
    const page = watcherPage();
    await one.watch(lin, id, page.end);
    await one.gateway.end(wang, id, { reason: 'wrong host' });
    expect(page.told.ended).toEqual({ kind: 'ended-by-admin', by: 'wang', reason: 'wrong host' });
    expect(told.ended).toEqual(page.told.ended);
    expect(one.gateway.watchersOf(id)).toEqual([]);
  });

  it('F20: a freeze while it opens is a marker of the recording, and both read who and why once the shell is there', async () => {
    const one = memoryGateway();
    const host = later();
    one.wait.host = host.kept;
    const { id, told: operator, does } = await one.open();
    const page = watcherPage();
    await one.watch(lin, id, page.end);
    expect((await one.gateway.freeze(wang, id, 'not this host')).ok).toBe(true);
    const frozen = { by: 'wang', reason: 'not this host' };
    host.keep();
    await settled();
    expect(one.marks).toEqual(['input held by wang: not this host']);
    expect(page.told.facts.at(-1)).toMatchObject({ frozen });
    const after = operator.notices.filter(({ kind }) => kind === 'frozen');
    expect(after.at(-1)).toMatchObject(frozen);
    does().onInput(Buffer.from('ls\r'));
    expect(one.shells[0]!.did.typed).toBe('');
    await one.gateway.unfreeze(wang, id);
    does().onInput(Buffer.from('pwd\r'));
    expect(one.shells[0]!.did.typed).toBe('pwd\r');
    expect(one.marks.at(-1)).toBe('input let go by wang, 3 typed bytes dropped');
  });

  it('V48: what one watcher sends that it may not is a row a minute; what is sent astray has a row of its own', async () => {
    const one = memoryGateway();
    const { id } = await one.open();
    await settled();
    const page = watcherPage();
    await one.watch(lin, id, page.end);
    for (let n = 0; n < 500; n++) {
      page.does().onRefused(n % 2 === 0 ? 'input' : 'resize');
      one.clock.advance(200);
    }
    await settled();
    expect(one.actions('session.watch-refused')).toHaveLength(2);
    one.gateway.watchRefused(wang, 'input');
    await settled();
    const astray = one.actions('session.watch-refused').at(-1);
    expect(astray).toMatchObject({ actor: 'wang', result: 'denied', source: '192.0.2.7', detail: { what: 'input' } });
    expect(astray).not.toHaveProperty('target');
    expect(one.shells[0]!.did.typed).toBe('');
  });

  it('V26: where a watcher is required, another’s page counts; a tile and one’s own watching do not', async () => {
    const one = memoryGateway({ watcherRequired: true });
    const { id, told: operator } = await one.open(wang);
    await settled();
    expect(operator.notices).toEqual([{ kind: 'unwatched' }]);
    const own = watcherPage();
    expect((await one.watch(wang, id, own.end)).ok).toBe(true);
    const seat = one.gateway.wall(lin, { tile: () => {}, busy: false });
    seat.want([id]);
    await settled();
    expect([own.told.facts.at(-1)?.watcherRequired, one.gateway.unwatched(id)]).toEqual(['missing', true]);
    const page = watcherPage();
    expect((await one.watch(lin, id, page.end)).ok).toBe(true);
    expect([page.told.facts.at(-1)?.watcherRequired, one.gateway.unwatched(id)]).toEqual(['there', false]);
    page.does().onGone();
    expect(one.gateway.unwatched(id)).toBe(true);
    one.clock.advance(60_000);
    await settled();
    expect(one.rows.get(id)?.endReason).toEqual({ kind: 'unwatched' });
    expect(own.told.ended).toEqual({ kind: 'unwatched' });
    expect(one.audited.filter(({ action }) => action.startsWith('session.watcher-'))).toMatchObject([
      { action: 'session.watcher-missing', actor: 'system', target: `session:${id}` },
      { action: 'session.watcher-back', detail: { droppedBytes: 0 } },
      { action: 'session.watcher-missing', detail: { graceMs: 60_000 } },
    ]);
    seat.close();
  });
});
