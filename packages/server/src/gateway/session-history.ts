/**
 * Brings a returning page up to date from the recording: the bytes it lacks, with the sizes they were written at, then
 * the live stream goes on. The page parses them with the same emulator that showed them live, so the screen is the same
 * one; no emulator runs on the server (docs/adr/0007). Bounded: past HISTORY_BYTES older output is left out, the
 * terminal modes it set are restored, and the page is told that the picture may be partial until a program repaints.
 */
import { createModeScan } from '@sallyport/core/terminal/mode-scan.js';
import type { ClientEnd } from './ports/client-end.js';
import type { RecordingStore } from './ports/recording-store.js';

/** About 0.3 s of parsing in a page. */
export const HISTORY_BYTES = 8 * 1024 * 1024;
/** How far before that the terminal's modes are looked for. */
const MODE_SCAN_BYTES = 64 * 1024 * 1024;
const LINE_FEED = 0x0a;

export interface HistoryReader {
  /** Sends [from, to) and HISTORY_END; answers how many bytes were sent. */
  send(client: ClientEnd, from: number | undefined, to: number): Promise<number>;
}

/** For a session that runs unrecorded by its host's policy: there is nothing to read back. */
export const NO_HISTORY: HistoryReader = {
  async send(client, from, to) {
    client.historyEnd({ offset: to, partial: from !== to });
    return 0;
  },
};

export function createHistoryReader(recordings: RecordingStore, sessionId: string): HistoryReader {
  return {
    async send(client, from, to) {
      const wanted = from !== undefined && from <= to ? from : 0;
      const start = Math.max(wanted, to - HISTORY_BYTES);
      const partial = start > wanted;
      const modes = createModeScan();
      let sent = 0;
      let aligned = !partial;
      const header = wanted === 0 ? await recordings.header(sessionId) : undefined;
      if (header) client.historySize(header.size);
      for await (const event of recordings.read(sessionId, partial ? Math.max(0, start - MODE_SCAN_BYTES) : wanted)) {
        if (event.offset >= to) break;
        if (event.type === 'resize') {
          if (partial || event.offset >= wanted) client.historySize(event.size);
          continue;
        }
        if (event.type !== 'output') continue;
        let bytes = event.bytes.subarray(Math.max(0, wanted - event.offset), Math.max(0, to - event.offset));
        if (!aligned) {
          // Begin at the start of a line: never inside a character or a control sequence of a full-screen program.
          const cut =
            event.offset + bytes.length <= start ? -1 : bytes.indexOf(LINE_FEED, Math.max(0, start - event.offset));
          if (cut < 0) {
            modes.scan(bytes);
            continue;
          }
          modes.scan(bytes.subarray(0, cut + 1));
          await client.history(modes.restore());
          bytes = bytes.subarray(cut + 1);
          aligned = true;
        }
        if (bytes.length === 0) continue;
        await client.history(bytes);
        sent += bytes.length;
      }
      // Not one line feed in all of it: the picture is lost, but keys and paste keep their meaning.
      if (!aligned) await client.history(modes.restore());
      client.historyEnd({ offset: to, partial });
      return sent;
    },
  };
}
