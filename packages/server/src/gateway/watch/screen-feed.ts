/** What a session printed, given to its screen: as it is held, or as its recording has it. */
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import type { Screen } from '../ports/screens.js';
import { createOutputGap, type GapEntry } from './output-gap.js';

/** Given at once, and waited for. */
const PIECE_BYTES = 64 * 1024;
/** A flood of plain lines is cut each time this much has gathered: a hundred megabytes of them are read, not parsed. */
const FLOOD_BYTES = 512 * 1024;

/** In as few pieces as their order allows. */
export function giveEntries(target: Screen, entries: readonly GapEntry[]): void {
  let run: Buffer[] = [];
  const write = (): void => {
    if (run.length > 0) target.write(Buffer.concat(run));
    run = [];
  };
  for (const entry of entries) {
    if ('bytes' in entry && entry.skipped !== true) {
      run.push(entry.bytes);
      continue;
    }
    write();
    if ('size' in entry) target.resize(entry.size);
    else target.write(entry.bytes, entry.offset);
  }
  write();
}

/** Output [begin, to) and the sizes in it. What the recording does not have is left out: the screen goes on at `to`. */
export async function giveRecorded(
  target: Screen,
  events: AsyncIterable<RecordedEvent> | undefined,
  begin: number,
  to: number,
  enough: () => boolean,
): Promise<void> {
  const gap = createOutputGap();
  let from = begin;
  let full = false;
  const give = async (): Promise<void> => {
    full &&= gap.plain && gap.whole;
    // What was left out is left out before the first.
    giveEntries(
      target,
      gap.since(0).map((entry) => ('bytes' in entry && entry.skipped ? { ...entry, offset: from - gap.bytes } : entry)),
    );
    gap.drop(gap.mark);
    if (full) await target.settled();
    else full = await target.scrolledFull();
  };
  for await (const event of events ?? []) {
    // A size at the very end may be held too; it is then set twice.
    if (enough() || event.offset > to || (event.offset === to && event.type !== 'resize')) break;
    if (event.type === 'resize') gap.resize(event.size);
    if (event.type !== 'output' || event.offset + event.bytes.length <= from) continue;
    const bytes = event.bytes.subarray(Math.max(0, from - event.offset), to - event.offset);
    from = event.offset + bytes.length;
    gap.output(Buffer.from(bytes));
    if (gap.bytes < (full && gap.plain ? FLOOD_BYTES : PIECE_BYTES)) continue;
    if (!full || !gap.cut()) await give();
  }
  if (enough()) return;
  await give();
  if (from < to) target.write(new Uint8Array(), to);
}
