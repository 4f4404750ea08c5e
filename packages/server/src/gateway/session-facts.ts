/**
 * What others than its user do around a running session: who watches, who holds the input, what is said. Each change is
 * announced once, to the user's own end and to everybody who listens, and, but for watching, is an event of the
 * recording. They are facts of the session and not of its page: a page that comes back is told what stands.
 */
import type { Notice } from '@sallyport/core/wire/terminal-frames.js';
import type { Freeze } from '@sallyport/core/wire/watch-frames.js';
import { createFourEyes, type FourEyes, type FourEyesOf } from './four-eyes.js';
import { createInputHold } from './input-hold.js';
import type { Clock } from './ports/clock.js';

/** Those who come and go within this are told of at once: each telling goes to all who watch. */
const WATCHED_EVERY_MS = 100;

export type WatchNotice = 'always' | 'never';

export interface SessionFacts {
  /** Names, each once, in the order in which they came. */
  readonly watchers: readonly string[];
  readonly frozen: Freeze | undefined;
  /** Of a session whose host requires a watcher: whether there is one. While it is missing the input is held. */
  readonly requiredWatcher: 'there' | 'missing' | undefined;
  /** Of typed bytes. False: the input is held, and they were dropped and counted. */
  lets(bytes: number): boolean;
  /** INVARIANT: from its return on no typed byte goes to the host until `unfreeze`. */
  freeze(freeze: Freeze): void;
  /** How many typed bytes were dropped; undefined when nothing was held. */
  unfreeze(by: string): number | undefined;
  say(by: string, text: string, at: number): void;
  /** Nothing is recorded any more, and the host's policy lets the session go on. */
  unrecorded(): void;
  /** Somebody begins to watch; the answer is how to stop. `counts`: as the watcher that a host may require. */
  watch(name: string, counts?: boolean): () => void;
  /** What a client end that comes, or comes back, must know. */
  standing(): readonly Notice[];
  /** Hears every change; `watched` names all, whatever the rule says of telling the user. Answers how to stop. */
  listen(listener: (change: Notice) => void): () => void;
  /** The session is over: it requires nobody any more. */
  stop(): void;
}

export interface FactsRules {
  readonly watchNotice: WatchNotice;
  /** How long a session goes on without the watcher that its host requires. */
  readonly watcherGraceMs: number;
}
export interface FactsOf {
  /** To the session's own user. */
  tell(notice: Notice): void;
  /** Takes typed bytes back that the host was not sent yet; answers how many. */
  takeInputBack(): number;
  /** Into the recording. */
  mark(label: string): void;
  /** Set: its host requires a watcher. */
  readonly fourEyes?: Pick<FourEyesOf, 'changed' | 'expired'> | undefined;
}

export function createSessionFacts(
  { watchNotice: notice, watcherGraceMs }: FactsRules,
  clock: Pick<Clock, 'after' | 'now'>,
  session: FactsOf,
): SessionFacts {
  const hold = createInputHold<Freeze>();
  const watching: string[] = []; // one name may watch on two pages
  const listeners = new Set<(change: Notice) => void>();

  const watchers = (): readonly string[] => [...new Set(watching)];
  function announce(change: Notice): void {
    if (change.kind !== 'watched' || notice === 'always') session.tell(change);
    for (const listener of listeners) listener(change);
  }
  /** The first change is told at once; what follows within a moment, together, if it is still one then. */
  let toldNames = '';
  let gathering = false;
  function tellWatchers(): void {
    const names = watchers();
    if (gathering || names.join('\n') === toldNames) return;
    toldNames = names.join('\n');
    gathering = true;
    clock.after(WATCHED_EVERY_MS, () => {
      gathering = false;
      tellWatchers();
    });
    announce({ kind: 'watched', names });
  }

  const eyes = session.fourEyes && fourEyes(session.fourEyes);
  function fourEyes({ changed, expired }: NonNullable<FactsOf['fourEyes']>): FourEyes {
    const unwatched = 'input held until somebody watches';
    session.mark(unwatched);
    changed({ kind: 'unwatched' });
    return createFourEyes(watcherGraceMs, clock, {
      takeInputBack: session.takeInputBack,
      expired,
      changed(change) {
        const attended = change.kind === 'attended';
        session.mark(
          attended ? `input let go, ${change.droppedBytes} typed bytes dropped: somebody watches` : unwatched,
        );
        changed(change);
        announce(change);
      },
    });
  }

  return {
    get watchers() {
      return watchers();
    },
    get frozen() {
      return hold.why;
    },
    get requiredWatcher() {
      return eyes && (eyes.missing ? 'missing' : 'there');
    },
    lets(bytes) {
      const frozen = !hold.lets(bytes);
      const unwatched = eyes?.lets(bytes) === false; // both count what both held
      return !frozen && !unwatched;
    },
    freeze(freeze) {
      hold.hold(freeze, session.takeInputBack());
      session.mark(`input held by ${freeze.by}: ${freeze.reason}`);
      announce({ kind: 'frozen', ...freeze });
    },
    unfreeze(by) {
      const droppedBytes = hold.letGo();
      if (droppedBytes === undefined) return undefined;
      session.mark(`input let go by ${by}, ${droppedBytes} typed bytes dropped`);
      announce({ kind: 'unfrozen', by, droppedBytes });
      return droppedBytes;
    },
    say(by, text, at) {
      session.mark(`message from ${by}: ${text}`);
      announce({ kind: 'message', by, text, at });
    },
    unrecorded: () => announce({ kind: 'unrecorded' }),
    watch(name, counts = false) {
      watching.push(name);
      tellWatchers();
      const uncount = counts ? eyes?.joined() : undefined;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        watching.splice(watching.indexOf(name), 1);
        uncount?.();
        tellWatchers();
      };
    },
    standing() {
      const frozen = hold.why;
      return [
        ...(frozen ? [{ kind: 'frozen' as const, ...frozen }] : []),
        ...(eyes?.missing ? [eyes.missing] : []),
        ...(watching.length > 0 && notice === 'always' ? [{ kind: 'watched' as const, names: watchers() }] : []),
      ];
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => eyes?.stop(),
  };
}
