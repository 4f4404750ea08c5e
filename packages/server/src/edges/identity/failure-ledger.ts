/**
 * Writes failed sign-ins to the audit log without letting a flood fill it (F11): the first few of an address stand as
 * they are, the rest of the same minute becomes one row with a count. Nothing is lost from the sum.
 */
import type { AuditLog } from '../../gateway/ports/audit-log.js';
import type { Clock } from '../../gateway/ports/clock.js';

export interface FailureLedger {
  failed(name: string, address: string, why: FailureKind): Promise<void>;
  /** Writes what is still only counted. */
  flush(): Promise<void>;
}
export type FailureKind = 'wrong' | 'slow-down' | 'busy';

const WINDOW_MS = 60_000;
const ROWS_PER_ADDRESS = 5;
/** Over all addresses, so that a flood from many is bounded too: 100 rows and at most 51 sums a minute. */
const ROWS_PER_WINDOW = 100;
const SUMS_PER_WINDOW = 50;
/** Addresses counted apart; the rest share one count. */
const MAX_ADDRESSES = 5_000;
const OTHERS = 'many';
const NAME_SHOWN_CHARACTERS = 64;

interface Count {
  rows: number;
  unwritten: number;
}

export function createFailureLedger(audit: AuditLog, clock: Clock): FailureLedger {
  let counts = new Map<string, Count>();
  let rows = 0;
  let cancel: (() => void) | undefined;

  const flush = async (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    const sums = [...counts]
      .filter(([, count]) => count.unwritten > 0)
      .sort(([, a], [, b]) => b.unwritten - a.unwritten);
    counts = new Map();
    rows = 0;
    const shown = sums.slice(0, SUMS_PER_WINDOW);
    const rest = sums.slice(SUMS_PER_WINDOW).reduce((sum, [, count]) => sum + count.unwritten, 0);
    for (const [source, count] of shown) await writeSum(source, count.unwritten);
    if (rest > 0) await writeSum(OTHERS, rest);
  };

  const writeSum = (source: string, failures: number): Promise<unknown> =>
    audit.append({ action: 'sign-in.failed', result: 'failed', actor: '*', source, detail: { failures } });

  return {
    flush,
    async failed(name, address, why) {
      const source = counts.has(address) || counts.size < MAX_ADDRESSES ? address : OTHERS;
      const count = counts.get(source) ?? { rows: 0, unwritten: 0 };
      counts.set(source, count);
      // A failing audit store must not turn into an unhandled rejection; the next append tells its own caller.
      cancel ??= clock.after(WINDOW_MS, () => void flush().catch(() => undefined));
      if (count.rows >= ROWS_PER_ADDRESS || rows >= ROWS_PER_WINDOW) {
        count.unwritten += 1;
        return;
      }
      count.rows += 1;
      rows += 1;
      await audit.append({
        action: 'sign-in.failed',
        result: why === 'wrong' ? 'failed' : 'denied',
        actor: [...name].slice(0, NAME_SHOWN_CHARACTERS).join(''),
        source: address,
        detail: { reason: why },
      });
    },
  };
}
