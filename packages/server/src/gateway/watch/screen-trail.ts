/**
 * The screen of a running session for whoever comes to look. A session that nobody looks at costs a few memory scans: what
 * it prints is held (output-gap.ts) up to a bound, then an emulator in a worker takes it, and is put away again when the
 * session falls quiet: its snapshot stays. What comes faster than a worker parses is not held either; it is read back from
 * the recording when somebody looks. Measured in docs/adr/0021.
 *
 * INVARIANT: everything before `posted` is on the screen, in its snapshot or, when lost, in the recording; everything from
 * there on is in the gap.
 */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { PlacedSnapshot, Screen } from '../ports/screens.js';
import { createOutputGap, type GapEntry } from './output-gap.js';
import { giveEntries, giveRecorded } from './screen-feed.js';
import type { ScreenTrail, Taken, TrailDeps } from './trail.js';

/** Held until an emulator takes it: about what can be parsed in five milliseconds. */
const HELD_BYTES = 64 * 1024;
/** A flood of plain lines is cut, or taken, each time this much has gathered. */
const FLOOD_BYTES = 512 * 1024;
/** A worker may be behind by this much; what comes beyond is left to the recording. */
const BEHIND_BYTES = 4 * 1024 * 1024;
const QUIET_MS = 30_000;
/** Parsed unasked: HELD_BYTES in each such time. Beyond that the recording has it, until somebody looks. */
const UNASKED_MS = 30_000;
const ASKED_MS = 60_000;
/** Lines that a watcher can scroll back. */
export const HISTORY_LINES = 1_000;
/** Kept while nobody looks. */
const PARKED_LINES = 300;
/** Of reading back, while more comes than is parsed; then whoever waits asks again. */
const ROUNDS = 20;
/** What holding a piece costs beside its bytes. */
const ENTRY_BYTES = 128;

export function createScreenTrail(deps: TrailDeps, size: TerminalSize): ScreenTrail {
  const { screens, clock } = deps;
  const gap = createOutputGap();
  const begunAt = clock.monotonic();
  let screen: Screen | undefined;
  /** As it was put away; none: as the session began. */
  let parked: PlacedSnapshot | undefined;
  let posted = 0;
  /** What the screen has yet to be given is only in the recording. */
  let lost = false;
  /** Output bytes that an open screen was given. */
  let postedOffset = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  let unaskedAt = Number.NEGATIVE_INFINITY;
  let passed = 0;
  let catching: Promise<void> | undefined;
  /** It scrolls as a whole and its scrollback is full. Whole plain lines, given later, leave it so. */
  let full = false;
  /** Times that may have ceased to be so: an answer holds only if none came since the question. */
  let doubts = 0;
  let unanswered = 0;
  let posts = 0;
  let cutNextAt = 0;
  /** Takes that are not over: what follows their marks is kept. */
  const pins = new Set<{ readonly mark: number }>();
  /** Held and not given to the screen yet. */
  let fresh = 0;
  /** More was printed while catching up than can be held. */
  let overflowed = false;
  const taking = new Map<number, Promise<Taken | undefined>>();
  let cancelQuiet: () => void = () => {};
  let closed = false;

  const opened = (): Screen => {
    screen ??= parked ? screens.reopen(parked) : screens.open(size, { offset: 0 });
    return screen;
  };
  const forget = (): void => gap.drop(Math.min(posted, ...[...pins].map(({ mark }) => mark)));
  /** What is held is on the screen, or is nobody's business any more. */
  const given = (): void => {
    posted = gap.mark;
    fresh = 0;
    forget();
  };
  const doubt = (): void => {
    doubts++;
    full = false;
  };

  /** Gives the screen all there is. */
  function post(): void {
    if (lost || closed) return;
    const target = opened();
    // While a snapshot was awaited nothing could be cut.
    if (full && gap.plain && pins.size === 0 && gap.bytes >= HELD_BYTES) gap.cut();
    giveEntries(target, gap.since(posted));
    if (!gap.plain || !gap.whole) doubt();
    given();
    postedOffset = gap.offset;
    posts++;
    if (!full) askWhetherFull(target);
    cancelQuiet();
    cancelQuiet = clock.after(QUIET_MS, () => void park());
  }
  function askWhetherFull(target: Screen): void {
    const before = doubts;
    unanswered++;
    target
      .scrolledFull()
      .then(
        (is) => {
          if (!is || before !== doubts || target !== screen || closed) return;
          full = true;
          relieve();
        },
        () => dropScreen(target),
      )
      .finally(() => {
        unanswered--;
      });
  }
  /** Its worker died: what it was given is read again from the recording. */
  function dropScreen(dead: Screen): void {
    if (dead !== screen || closed) return;
    screen = undefined;
    lose();
  }
  function lose(): void {
    lost = true;
    doubt();
    given();
  }

  /** Looking for where to cut costs too: not at each piece of a flood that cannot be. */
  function cut(): boolean {
    if (gap.offset < cutNextAt) return false;
    if (gap.cut()) return true;
    cutNextAt = gap.offset + FLOOD_BYTES;
    return false;
  }
  /** Nobody looks, and it prints more than is worth parsing for nobody. */
  function tooMuchUnasked(): boolean {
    const now = clock.monotonic();
    if (now - askedAt < ASKED_MS || pins.size > 0 || !deps.isRecorded()) return false;
    if (now - unaskedAt < UNASKED_MS) return true;
    unaskedAt = now;
    return false;
  }
  function relieve(): void {
    if (catching !== undefined) {
      if (fresh < BEHIND_BYTES) return;
      overflowed = true;
      given();
      return;
    }
    if (lost || tooMuchUnasked()) {
      if (lost) given();
      else lose();
      return;
    }
    if (gap.plain && (full || unanswered > 0)) {
      // What is given while a question is open puts its answer off: lines of a few bytes are parsed at a few MB a second.
      if (fresh < (full && pins.size === 0 ? FLOOD_BYTES : BEHIND_BYTES)) return;
      if (full && pins.size === 0 && cut()) {
        fresh = gap.bytes;
        return;
      }
    }
    if ((screen?.unparsed ?? 0) < BEHIND_BYTES) {
      post();
      return;
    }
    if (fresh < BEHIND_BYTES) return;
    // Neither held nor parsed.
    screen?.close();
    screen = undefined;
    lose();
  }

  /** Feeds the screen from the recording; what is printed meanwhile and cannot be held is read in another round. */
  async function catchUp(): Promise<void> {
    const begun = screen !== undefined;
    const target = opened();
    let from = begun ? postedOffset : parked === undefined ? 0 : parked.offset + parked.tail.length;
    try {
      for (let round = 0; lost && !closed && round < ROUNDS; round++) {
        overflowed = false;
        given();
        const to = gap.offset;
        await giveRecorded(target, await deps.recorded(from), from, to, () => closed);
        from = to;
        await target.settled();
        if (!overflowed) lost = false;
      }
    } catch (error) {
      discard(target);
      throw error;
    }
    if (lost) discard(target);
  }
  function discard(target: Screen): void {
    target.close();
    if (screen === target) screen = undefined;
  }
  async function caughtUp(): Promise<boolean> {
    if (!lost) return true;
    catching ??= catchUp().finally(() => {
      catching = undefined;
    });
    await catching;
    return !lost;
  }

  async function park(): Promise<void> {
    const target = screen;
    if (target === undefined || catching !== undefined || pins.size > 0 || closed) return;
    const mine = posts;
    const snapshot = await target.snapshot(PARKED_LINES).catch(() => undefined);
    // Somebody came meanwhile, or it cannot be taken now.
    if (snapshot === undefined || mine !== posts || target !== screen || pins.size > 0) return;
    parked = snapshot;
    screen = undefined;
    doubt(); // fewer lines above it are kept
    target.close();
  }

  async function snapshotNow(history: number): Promise<Taken | undefined> {
    askedAt = clock.monotonic();
    if (!(await caughtUp()) || closed) return undefined;
    post();
    const target = opened();
    const pin = { mark: posted };
    pins.add(pin);
    try {
      const taken = await target.snapshot(Math.min(history, HISTORY_LINES));
      if (taken === undefined) return undefined;
      const { size: now, scrollback, bytes, offset, tail } = taken;
      const tailEntry: readonly GapEntry[] = tail.length > 0 ? [{ offset, bytes: Buffer.from(tail) }] : [];
      return {
        screen: { scrollback, cols: now.cols, rows: now.rows, offset, bytes },
        after: () => [...tailEntry, ...gap.since(pin.mark)],
      };
    } catch (error) {
      dropScreen(target);
      throw error;
    } finally {
      setImmediate(() => {
        pins.delete(pin);
        forget();
      });
    }
  }

  return {
    get offset() {
      return gap.offset;
    },
    get mark() {
      return gap.mark + passed;
    },
    output(bytes) {
      if (lost && catching === undefined) {
        gap.pass(bytes.length);
        passed++;
        return;
      }
      gap.output(bytes);
      fresh += bytes.length + ENTRY_BYTES;
      if (fresh >= HELD_BYTES) relieve();
    },
    resize(next) {
      gap.resize(next);
      fresh += ENTRY_BYTES;
      if (fresh >= HELD_BYTES) relieve();
    },

    take(history) {
      const same = taking.get(history);
      if (same !== undefined) return same;
      const mine = snapshotNow(history).finally(() => taking.delete(history));
      taking.set(history, mine);
      return mine;
    },

    async picture() {
      askedAt = clock.monotonic();
      if (!(await caughtUp()) || closed) return undefined;
      post();
      const target = opened();
      try {
        return await target.picture(clock.monotonic() - begunAt);
      } catch (error) {
        dropScreen(target);
        throw error;
      }
    },

    close() {
      closed = true;
      cancelQuiet();
      screen?.close();
      screen = undefined;
    },
  };
}
