/**
 * One session: joins a target end and, at most, one client end, runs the taps in order and owns back-pressure. The
 * session outlives its client end: a lost page may come back within the resume window.
 *
 * Output takes one turn from the target to the taps and to the client; nothing here waits, copies or decodes. Exactly
 * three things hold the target back, by pausing it: a client with no credit left, a recorder with a full queue, and a
 * client that is being brought up to date. A watcher never can.
 * INVARIANT: what the client is sent after HISTORY_END continues the history without a gap or a repeat.
 */
import {
  advance,
  type Lifecycle,
  type LifecycleEffect,
  type LifecycleInput,
  OPENING,
} from '@sallyport/core/lifecycle/session-lifecycle.js';
import type { EndReason, Session, TerminalSize } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import { type ActivityLimits, watchActivity } from './activity-limits.js';
import { createFlow } from './flow.js';
import type { LiveSession, SessionHooks, SessionOptions } from './live-session.js';
import type { ClientEnd } from './ports/client-end.js';
import type { Clock } from './ports/clock.js';
import type { TargetEnd, TargetEndCause } from './ports/target-connector.js';
import { createResizeGate } from './resize-gate.js';
import { createSessionFacts } from './session-facts.js';
import type { RecordTap } from './taps/record-tap.js';
import type { WatchTap } from './taps/watch-tap.js';

/** An opening takes seconds; nobody does more to it. */
const EARLY_MARKS_MAX = 100;
/** How long a hung disk may delay the end of a session. */
const SEAL_PATIENCE_MS = 10_000;

export function createSession(
  row: Session,
  clock: Clock,
  options: SessionOptions,
  hooks: SessionHooks,
  firstClient: ClientEnd,
  /** Nobody waits for the target any more: the opening stops where it is. */
  abandonOpening: () => void,
  watch: WatchTap,
): LiveSession {
  let lifecycle: Lifecycle = OPENING;
  let client: ClientEnd | undefined = firstClient;
  let target: TargetEnd | undefined;
  let recorder: RecordTap | undefined;
  let limits: ActivityLimits | undefined;
  let size: TerminalSize = { cols: row.cols, rows: row.rows };
  let outputBytes = 0;
  let catchUps = 0; // the running catch-up's number; an older one that finishes late changes nothing
  let held: Buffer[] = []; // output that still arrived while catching up
  let cancelResumeTimer: () => void = () => {};
  let finished: Promise<void> | undefined;
  /** Of what others did before there was a recorder. */
  let earlyMarks: string[] = [];
  let tellAll: () => void;
  const told = new Promise<void>((resolve) => {
    tellAll = resolve;
  });
  let endedBy: Principal | undefined;

  const flow = createFlow({
    pause: () => target?.pause(),
    resume: () => target?.resume(),
    recorderFull: () => recorder?.pressure ?? false,
  });

  const facts = createSessionFacts(options, clock, {
    tell: (notice) => client?.notice(notice),
    takeInputBack: () => target?.takeInputBack() ?? 0,
    mark(label) {
      if (recorder) recorder.mark(label);
      else if (lifecycle.at === 'opening' && earlyMarks.length < EARLY_MARKS_MAX) earlyMarks.push(label);
    },
    fourEyes: hooks.watcher && { changed: hooks.watcher, expired: () => void api.end({ kind: 'unwatched' }) },
  });

  function onOutput(bytes: Buffer): void {
    if (lifecycle.at !== 'live') return;
    outputBytes += bytes.length;
    recorder?.output(bytes);
    if (flow.catchingUp) held.push(bytes);
    else deliver(bytes);
    watch.output(bytes);
  }

  function deliver(bytes: Buffer): void {
    client?.output(bytes);
    flow.sent(bytes.length);
  }

  const resizes = createResizeGate(clock, (next) => {
    if (lifecycle.at !== 'live') return;
    recorder?.resize(next);
    target?.resize(next);
    watch.resize(next);
  });
  function resize(next: TerminalSize): void {
    if (next.cols === size.cols && next.rows === size.rows) return;
    size = next;
    if (lifecycle.at === 'live') resizes.want(next);
  }

  function attach(end: ClientEnd): void {
    client = end;
    end.start({
      onInput(bytes) {
        if (client !== end || lifecycle.at !== 'live' || !target) return;
        limits?.touch();
        if (!facts.lets(bytes.length)) return;
        resizes.flush();
        if (!target.write(bytes)) end.pauseInput();
      },
      onResize(next) {
        if (client === end) resize(next);
      },
      onCredit(bytes) {
        if (client === end) flow.credited(bytes);
      },
      onClose() {
        if (client === end) void api.end({ kind: 'closed-by-user' });
      },
      onLost() {
        if (client === end) detach();
      },
    });
  }

  /** Nobody is there: the shell runs on, and waits for its page. */
  function detach(): void {
    client = undefined;
    if (lifecycle.at === 'opening') abandonOpening();
    if (lifecycle.at !== 'live') return;
    flow.clientIs(false);
    cancelResumeTimer = clock.after(options.resumeWindowMs, () => void api.end({ kind: 'client-lost' }));
  }

  function onTargetEnd(cause: TargetEndCause): void {
    const reason: EndReason =
      cause.kind === 'lost'
        ? { kind: 'target-lost', detail: cause.detail }
        : {
            kind: 'remote-exit',
            ...(cause.exitCode === undefined ? {} : { exitCode: cause.exitCode }),
            ...(cause.signal === undefined ? {} : { signal: cause.signal }),
          };
    void api.end(reason);
  }

  async function step(input: LifecycleInput): Promise<void> {
    const next = advance(lifecycle, input);
    lifecycle = next.state;
    // One that fails must not keep the others from happening: the recording is sealed and the row stored all the same.
    const failures: unknown[] = [];
    for (const effect of next.effects) {
      try {
        await carryOut(effect);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async function carryOut(effect: LifecycleEffect): Promise<void> {
    switch (effect.type) {
      case 'store-live':
        return hooks.live(clock.now());
      case 'close-target':
        limits?.stop();
        facts.stop();
        cancelResumeTimer();
        resizes.stop();
        if (target) target.close(isTakenAway(effect.reason) ? 'kill' : undefined);
        else abandonOpening();
        return;
      case 'tell-client':
        try {
          client?.ended(effect.reason);
        } finally {
          client = undefined;
          watch.ended(effect.reason);
          tellAll();
        }
        return;
      case 'seal-recording': {
        let cancel = (): void => {};
        const late = new Promise<void>((resolve) => {
          cancel = clock.after(SEAL_PATIENCE_MS, resolve);
        });
        await Promise.race([recorder?.seal(exitCodeOf(lifecycle)), late]);
        cancel();
        return;
      }
      case 'store-over':
        return hooks.over(effect.state, effect.reason, outputBytes, endedBy);
    }
  }

  const api: LiveSession = {
    row,
    get state() {
      return lifecycle.at;
    },
    get outputBytes() {
      return outputBytes;
    },
    get attached() {
      return client !== undefined;
    },
    facts,
    get endReason() {
      return 'reason' in lifecycle ? lifecycle.reason : undefined;
    },
    setRecorder(tap) {
      recorder = tap;
      for (const label of earlyMarks) tap.mark(label);
      earlyMarks = [];
      if (lifecycle.at !== 'opening') void tap.seal();
    },
    recorder: () => recorder,
    recorderRelieved: flow.balance,
    notice: (notice) => client?.notice(notice),
    told,

    async goLive(end) {
      if (lifecycle.at !== 'opening') return end.close();
      target = end;
      const live = step({ type: 'shell-ready' });
      watch.live();
      end.start({ onOutput, onDrain: () => client?.resumeInput(), onEnd: onTargetEnd });
      if (size.cols !== row.cols || size.rows !== row.rows) {
        recorder?.resize(size);
        end.resize(size);
        watch.resize(size);
      }
      for (const notice of facts.standing()) client?.notice(notice);
      limits = watchActivity(clock, options, { notice: api.notice, end: (reason) => void api.end(reason) });
      try {
        await live;
      } catch (error) {
        await api.end({ kind: 'failed', code: 'unavailable', params: { detail: 'session store' } });
        throw error;
      }
    },

    async resume(end, newSize, from, history) {
      cancelResumeTimer();
      const previous = client;
      client = undefined;
      previous?.detach();
      const turn = ++catchUps;
      flow.beginCatchUp(); // first, or the target would be let go for a moment
      flow.clientIs(true);
      attach(end);
      for (const notice of facts.standing()) end.notice(notice);
      held = [];
      const to = outputBytes; // what still arrives from here on is held
      let sent = 0;
      try {
        // A recorder that fails here has told so itself; what it wrote is read back all the same.
        if (recorder?.failed === false) await recorder.flush().catch(() => {});
        sent = await history.send(end, from, to);
      } finally {
        if (turn === catchUps) {
          // A client lost while catching up has detached already; its timer runs.
          flow.endCatchUp(client === end ? sent : 0);
          const late = held;
          held = [];
          for (const bytes of late) deliver(bytes);
          if (client === end) resize(newSize);
        }
      }
    },

    end(reason, by) {
      if (finished !== undefined) return finished;
      endedBy = by;
      finished = (async () => {
        for (const input of [{ type: 'end', reason }, { type: 'closed' }] as const) {
          // Nobody waits for most endings: a fault is told to the log, and the rest of the end still happens.
          await step(input).catch(hooks.fault);
        }
      })();
      return finished;
    },
  };
  attach(firstClient);
  return api;
}

function exitCodeOf(lifecycle: Lifecycle): number | undefined {
  if (lifecycle.at !== 'ending' || lifecycle.reason.kind !== 'remote-exit') return undefined;
  return lifecycle.reason.exitCode;
}

/** Nothing more may run of what somebody has lost the right to. */
const isTakenAway = ({ kind }: EndReason): boolean => kind === 'ended-by-admin' || kind === 'ended-by-policy';
