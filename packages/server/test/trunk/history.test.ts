import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/app/system-clock.js';
import { createDiskRecordingStore } from '../../src/edges/storage/disk/disk-recording-store.js';
import type { ClientEnd } from '../../src/gateway/ports/client-end.js';
import type { RecordingStore } from '../../src/gateway/ports/recording-store.js';
import { createHistoryReader, HISTORY_BYTES } from '../../src/gateway/session-history.js';

const ID = '0123456789abcdefghjkmnpqrs';
const folders: string[] = [];
const stores: RecordingStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function recorded(parts: readonly (string | Buffer | { cols: number; rows: number })[]) {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-history-'));
  folders.push(directory);
  const store = createDiskRecordingStore({ directory, clock: systemClock });
  stores.push(store);
  const writer = await store.create({
    sessionId: ID,
    startedAt: 0,
    size: { cols: 80, rows: 24 },
    term: 'xterm-256color',
    title: 't',
    userName: 'u',
    hostName: 'h',
    login: 'l',
  });
  let offset = 0;
  for (const part of parts) {
    if (typeof part === 'string' || Buffer.isBuffer(part)) {
      const bytes = Buffer.from(part);
      for (let at = 0; at < bytes.length; at += 4096) {
        writer.output(1, bytes.subarray(at, at + 4096));
        if (writer.pressure) await writer.flush();
      }
      offset += bytes.length;
    } else writer.resize(1, part);
  }
  await writer.flush();
  return { store, offset };
}

/** Only what a history reader calls. */
function listener() {
  const heard: (string | { cols: number; rows: number } | { offset: number; partial: boolean })[] = [];
  const parts: Uint8Array[] = [];
  const client = {
    history: (part: Uint8Array) => void parts.push(Buffer.from(part)),
    historySize: (size: { cols: number; rows: number }) => heard.push(size),
    historyEnd: (end: { offset: number; partial: boolean }) => heard.push(end),
  } as unknown as ClientEnd;
  return { client, heard, bytes: () => Buffer.concat(parts) };
}

describe('history for a returning page', () => {
  it('sends everything with the sizes it was written at, whole while the recording is being written', async () => {
    const { store, offset } = await recorded(['one\r\n', { cols: 100, rows: 30 }, '中文\r\n']);
    const { client, heard, bytes } = listener();
    expect(await createHistoryReader(store, ID).send(client, undefined, offset)).toBe(offset);
    expect(bytes().toString()).toBe('one\r\n中文\r\n');
    expect(heard).toEqual([
      { cols: 80, rows: 24 },
      { cols: 100, rows: 30 },
      { offset, partial: false },
    ]);
  });

  it('from an offset: only what is lacking, split anywhere, even inside a character', async () => {
    const text = '中文 and text\r\n'.repeat(2000);
    const { store, offset } = await recorded([text]);
    for (const from of [1, 4095, 4096, 4097, offset - 1, offset]) {
      const { client, bytes, heard } = listener();
      await createHistoryReader(store, ID).send(client, from, offset);
      expect(bytes().equals(Buffer.from(text).subarray(from))).toBe(true);
      expect(heard.at(-1)).toEqual({ offset, partial: false });
    }
  });

  it('stops at the offset it was given: what came later is sent live', async () => {
    const { store } = await recorded(['abcdefghij']);
    const { client, bytes } = listener();
    await createHistoryReader(store, ID).send(client, 2, 6);
    expect(bytes().toString()).toBe('cdef');
  });

  it('a page that claims more than there is gets everything', async () => {
    const { store, offset } = await recorded(['abc']);
    const { client, bytes } = listener();
    await createHistoryReader(store, ID).send(client, 99, offset);
    expect(bytes().toString()).toBe('abc');
  });

  it('past the bound: the newest part from the start of a line, modes restored, and the page is told', async () => {
    const line = `${'x'.repeat(78)}\r\n`;
    const lines = Math.ceil(HISTORY_BYTES / line.length) + 50_000;
    const { store, offset } = await recorded(['\x1b[?1049h\x1b[?2004h', line.repeat(lines), 'the end']);
    const { client, bytes, heard } = listener();
    await createHistoryReader(store, ID).send(client, undefined, offset);
    const sent = bytes();
    expect(sent.length).toBeLessThanOrEqual(HISTORY_BYTES + 64);
    const prelude = '\x1bc\x1b[?1049h\x1b[?2004h';
    expect(sent.subarray(0, prelude.length + line.length).toString()).toBe(prelude + line);
    expect(sent.subarray(-7).toString()).toBe('the end');
    expect(heard.at(-1)).toEqual({ offset, partial: true });
  });

  it('F17: past the bound without one line feed, the modes at least are restored', async () => {
    const { store, offset } = await recorded(['\x1b[?2004h', 'x'.repeat(HISTORY_BYTES + 100_000)]);
    const { client, bytes, heard } = listener();
    await createHistoryReader(store, ID).send(client, undefined, offset);
    expect(bytes().toString()).toBe('\x1bc\x1b[?2004h');
    expect(heard.at(-1)).toEqual({ offset, partial: true });
  });
});
