/**
 * One life of a gateway with a session in it, from the start after a crash to the next start, and what must be true
 * afterwards whatever failed in between. Answers every rule that was broken.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { idFromBytes } from '@sallyport/core/model/id.js';
import { recordingPath } from '../../src/edges/storage/disk/recording-files.js';
import { collect, newHeader, outputOf } from '../../src/gateway/ports/recording-store.contract.js';
import type { Faults, Plan } from '../fixtures/faults.js';
import { type Life, makePage, NODE, openOn, type Page, type World } from './world.js';

const HANG_MS = 31_000;
/** Longer than a lease and two heartbeats. */
const LEASE_PASSED_MS = 16_000;
const PATIENCE_MS = 90_000;

const ENDS = ['session.end', 'session.failed', 'session.interrupted'];

export interface Told {
  readonly failed: string | undefined;
  readonly calls: number;
  readonly broken: readonly string[];
}

export async function oneLife(world: World, faults: Faults, plan: Plan): Promise<Told> {
  const { clock } = world;
  const broken: string[] = [];
  const rule = (holds: boolean, what: string): void => {
    if (!holds) broken.push(what);
  };

  /** Lets real work happen while the test's time goes on; what hangs is let go after half a minute. */
  async function drive<T>(check: () => T | undefined | false, what: string): Promise<T | undefined> {
    let hung = 0;
    for (let spent = 0; spent < PATIENCE_MS; ) {
      const value = check();
      if (value) return value;
      await new Promise((resolve) => setTimeout(resolve, 1));
      const step = faults.hanging ? 500 : 5;
      clock.advance(step);
      spent += step;
      if (faults.hanging) hung += step;
      if (hung > HANG_MS) faults.disarm();
    }
    broken.push(`waited in vain for ${what}`);
    return undefined;
  }
  async function settled<T>(promise: Promise<T>, what: string): Promise<T | undefined> {
    let over = false;
    let value: T | undefined;
    promise.then(
      (given) => {
        value = given;
        over = true;
      },
      () => {
        over = true;
      },
    );
    await drive(() => over, what);
    return value;
  }
  /** Heartbeats, as fast as the database keeps up, until what was put off is done. */
  async function beats(enough: () => Promise<boolean>): Promise<void> {
    for (let spent = 0; spent < LEASE_PASSED_MS && !(await enough()); spent += 500) {
      clock.advance(500);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  const left = await leaveBehind(world);
  faults.arm(plan);
  let life = world.begin();
  let repaired: Promise<unknown> = Promise.resolve();
  const recovering = life.gateway.recover().then(({ recordings }) => {
    repaired = recordings.catch(() => {});
    return true;
  });
  if (await settled(recovering, 'the start')) {
    const row = await settled(world.sessions.get(left), 'a row');
    rule(row?.state !== 'live', 'a dead session is live after the start');
    await settled(repaired, 'the repair');
  } else {
    // Refused, as the product refuses to start; the operator starts it again.
    faults.disarm();
    await settled(life.gateway.shutdown(), 'the shutdown');
    await settled(life.recordings.close(), 'the recordings to close');
    life = world.begin();
    rule((await settled(life.gateway.recover(), 'the second start')) !== undefined, 'the second start failed too');
  }

  const pages: Page[] = [];
  const sessionId = await session(world, life, pages, drive, settled);
  faults.disarm();
  if (sessionId !== undefined) {
    await settled(life.gateway.end(world.principal, sessionId, {}), 'the end');
    await drive(() => life.gateway.liveCount() === 0, 'the place to be given back');
    const actionsOf = async () =>
      (await world.audit.list({ target: `session:${sessionId}`, limit: 50 })).map(({ action }) => action);
    const isOver = async () => (await world.sessions.get(sessionId))?.endedAt !== undefined;
    const isTold = async () => (await actionsOf()).some((action) => ENDS.includes(action));
    await beats(async () => (await isOver()) && (await isTold()));
    if (faults.failed !== undefined && plan.lasting === true)
      await beats(async () => (await actionsOf()).includes('recording.failed'));
    const over = await world.sessions.get(sessionId);
    rule(over?.state === 'ended' || over?.state === 'failed', `the row is ${over?.state} for ever`);
    const why = over?.endReason?.kind;
    const ended = pages.at(-1)?.ended;
    if (ended !== undefined) rule(why === ended.kind, `the page was told ${ended.kind}, the row says ${why}`);
    const seen = Buffer.concat(pages.map((page) => page.seen()));
    const events = await collect(life.recordings.read(sessionId));
    const recorded = outputOf(events);
    const actions = await actionsOf();
    rule(actions.includes('session.open'), `no audit row of the opening: ${actions}`);
    rule(await isTold(), `no audit row tells the end: ${actions}`);
    if (!recorded.subarray(0, seen.length).equals(seen)) {
      // The failure ended the session, or that of the session store did before it, or it was over by itself before the
      // failure could be known.
      const what = `shown and not recorded (${recorded.length} of ${seen.length}), ended ${why}`;
      const before = pages.slice(0, -1).reduce((sum, page) => sum + page.seen().length, 0);
      rule(why === 'recording-failed' || why === 'failed' || (ended !== undefined && recorded.length >= before), what);
      rule(actions.includes('recording.failed'), `${what}: no audit row tells it: ${actions}`);
      const end = events.at(-1);
      rule(end?.type !== 'end' || end.truncated === true, `${what}: the recording calls itself complete`);
    }
  } else
    rule(
      pages.every((page) => page.seen().length === 0),
      'a refused session showed output',
    );

  await nextSession();
  await settled(life.gateway.shutdown(), 'the shutdown');
  await settled(life.recordings.close(), 'the recordings to close');
  rule(faults.open === 0, `${faults.open} files are left open`);

  const next = world.begin();
  await settled((async () => (await next.gateway.recover()).recordings)(), 'the next start');
  const marks = readdirSync(join(world.recordingsDirectory, 'open'));
  rule(marks.length === 0, `${marks.length} recordings are never sealed`);
  const interrupted = await world.sessions.get(left);
  rule(interrupted?.endReason?.kind === 'interrupted', `the session of the crash is ${interrupted?.state}`);
  const told = await world.audit.list({ target: `session:${left}`, action: 'session.interrupted', limit: 5 });
  rule(told.length === 1, `${told.length} audit rows tell of the session of the crash`);
  rule((await next.recordings.describe(left))?.state === 'truncated', 'the recording of the crash is not sealed');
  rule(outputOf(await collect(next.recordings.read(left))).toString() === LEFT_OUTPUT, 'the crash lost whole events');
  await next.gateway.shutdown();
  await next.recordings.close();
  return { failed: faults.failed, calls: faults.count, broken };

  async function nextSession(): Promise<void> {
    const page = makePage();
    const id = await settled(openOn(life, world, page), 'the next session');
    if (id === undefined) {
      broken.push(`the next session was refused; log: ${life.logged}`);
      return;
    }
    await drive(() => page.text().includes('ready') || page.ended, 'the next prompt');
    page.does().onInput(Buffer.from('bye\r'));
    const ended = await drive(() => page.ended, 'the next end');
    rule(ended?.kind === 'remote-exit', `the next session ended ${JSON.stringify(ended)}`);
    await drive(() => life.gateway.liveCount() === 0, 'the next row');
    rule((await life.recordings.describe(id))?.state === 'complete', 'the next recording is not complete');
  }
}

type Drive = <T>(check: () => T | undefined | false, what: string) => Promise<T | undefined>;
type Settled = <T>(promise: Promise<T>, what: string) => Promise<T | undefined>;

/** Prompt, a line, another size, a heartbeat, the page lost and back, much output, the end. Stops when told the end. */
async function session(
  world: World,
  life: Life,
  pages: Page[],
  drive: Drive,
  settled: Settled,
): Promise<string | undefined> {
  const first = makePage();
  pages.push(first);
  const id = await settled(openOn(life, world, first), 'an answer to the opening');
  if (id === undefined) return undefined;
  const until = (page: Page, text: string) => drive(() => page.text().includes(text) || page.ended, `“${text}”`);
  await until(first, 'ready');
  if (first.ended) return id;
  first.does().onInput(Buffer.from('one\r'));
  await until(first, 'got one');
  first.does().onResize({ cols: 100, rows: 30 });
  world.clock.advance(3_100);
  first.does().onInput(Buffer.from('two\r'));
  await until(first, 'got two');
  if (first.ended) return id;

  first.does().onLost();
  const second = makePage();
  const ticket = await settled(life.gateway.issueResumeTicket(world.principal, id), 'a ticket to resume');
  if (ticket?.ok !== true) return id;
  const size = { cols: 100, rows: 30 };
  const back = life.gateway.open(world.principal, ticket.value.ticket, second.client, size, first.seen().length);
  const resumed = await settled(back, 'an answer to the resuming');
  if (resumed?.ok !== true) return id;
  pages.push(second);
  await drive(() => second.caughtUp || second.ended, 'the history');
  second.does().onInput(Buffer.from('much\r'));
  await until(second, 'done');
  if (second.ended) return id;
  second.does().onInput(Buffer.from('bye\r'));
  await drive(() => second.ended, 'the end');
  return id;
}

const LEFT_OUTPUT = 'before the crash 中文\r\n';

/** A row that says live and a recording without a seal and with a torn tail, as a killed gateway leaves them. */
async function leaveBehind(world: World): Promise<string> {
  const { clock, principal, hostId, accountId } = world;
  const id = idFromBytes(randomBytes(16));
  const { recordings, gateway } = world.begin();
  const writer = await recordings.create(newHeader({ sessionId: id }));
  writer.output(1, Buffer.from(LEFT_OUTPUT));
  await writer.flush();
  const path = recordingPath(world.recordingsDirectory, id);
  const whole = readFileSync(path);
  await recordings.close();
  await gateway.shutdown();
  writeFileSync(path, Buffer.concat([whole, whole.subarray(-50)]));
  writeFileSync(join(world.recordingsDirectory, 'open', id), '');
  await world.sessions.create({
    id,
    userId: principal.userId,
    userName: principal.name,
    hostId,
    hostName: 'web-01',
    hostAddress: 'local',
    accountId,
    login: 'root',
    sourceAddress: principal.address,
    state: 'live',
    ...{ cols: 80, rows: 24, createdAt: clock.now(), liveAt: clock.now(), outputBytes: 0 },
    nodeId: NODE,
    leaseUntil: clock.now() + 9_000,
  });
  return id;
}
