import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { chunkBytes, readChunkHeader } from '@sallyport/core/cast/chunk-header.js';
import { CHUNK_FLAG, CHUNK_KIND, PREAMBLE_BYTES } from '@sallyport/core/cast/container.js';
import { decodeRecording, NO_KEY } from '@sallyport/core/cast/decode-recording.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../test/fixtures/test-database.js';
import { systemClock } from '../../../app/system-clock.js';
import {
  collect,
  describeRecordingStoreContract,
  newHeader,
  outputOf,
} from '../../../gateway/ports/recording-store.contract.js';
import { createRecordingKeys } from '../../vault/recording-keys.js';
import { createVault } from '../../vault/vault.js';
import { createSqliteRecordingKeyRows } from '../sqlite/recording-key-rows.js';
import { createSqliteSecretRows } from '../sqlite/secrets.js';
import { createDiskRecordingStore } from './disk-recording-store.js';
import { encryptionOf, payloadCipher } from './payload-keys.js';
import { recordingPath } from './recording-files.js';

const clock = systemClock;
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const MARK = 'the secret plan of the works council ';

async function world() {
  const { db, folder, close } = await testDatabase();
  const directory = join(folder, 'recordings');
  const vault = await createVault({ rows: createSqliteSecretRows(db), masterKeyFile: join(folder, 'master.key') });
  const keys = createRecordingKeys(vault, createSqliteRecordingKeyRows(db));
  const open = () => createDiskRecordingStore({ directory, clock, keys, encrypt: true });
  return { db, folder, directory, keys, open, store: open(), close };
}

describeRecordingStoreContract('disk, encrypted', async () => {
  const { open, store, close } = await world();
  const stores = [store];
  return {
    store,
    async reopen() {
      const again = open();
      stores.push(again);
      return again;
    },
    async dispose() {
      for (const one of stores) await one.close();
      await close();
    },
  };
});

describe('an encrypted recording', () => {
  let under: Awaited<ReturnType<typeof world>>;
  beforeEach(async () => {
    under = await world();
  });
  afterEach(async () => {
    await under.store.close();
    await under.close();
  });
  const pathOf = (id: string): string => recordingPath(under.directory, id);

  /** Small chunks, compressed ones and bulk ones. */
  async function record(pieces: readonly string[], seal = true): Promise<string> {
    const header = newHeader();
    const writer = await under.store.create(header);
    for (const [n, piece] of pieces.entries()) {
      writer.output(n * 10, Buffer.from(piece));
      if (n % 3 === 0) await writer.flush();
    }
    if (seal) await writer.seal(pieces.length * 10, 0);
    else await writer.flush();
    return header.sessionId;
  }
  const pieces = [MARK, MARK.repeat(100), randomBytes(40_000).toString('latin1'), 'x', MARK.repeat(3000), 'end'];
  const decode = async (source: Uint8Array, tools: Partial<Parameters<typeof decodeRecording>[1]> = {}) => {
    const events: RecordedEvent[] = [];
    const gunzip = (stored: Uint8Array, rawBytes: number): Uint8Array =>
      gunzipSync(stored, { maxOutputLength: rawBytes });
    for await (const event of decodeRecording([source], { gunzip, sha256, ...tools })) events.push(event);
    return events;
  };

  it('shows nothing of the screen on the disk and reads as it was written', async () => {
    const id = await record(pieces);
    const bytes = readFileSync(pathOf(id));
    expect(bytes.includes(MARK)).toBe(false);
    expect(Buffer.from(outputOf(await collect(under.store.read(id)))).toString()).toBe(pieces.join(''));
    expect(await under.store.describe(id)).toMatchObject({ state: 'complete', encrypted: true });
    const from = pieces[0]!.length + 17;
    expect(Buffer.from(outputOf(await collect(under.store.read(id, from)))).toString()).toBe(
      Buffer.from(pieces.join('')).subarray(from).toString(),
    );
  });

  it('is verified without the key: the chain is over what is stored', async () => {
    const id = await record(pieces);
    const [only, ...rest] = (await decode(readFileSync(pathOf(id)))).filter(({ type }) => type === 'end');
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ damage: { detail: NO_KEY } });
    const bytes = readFileSync(pathOf(id));
    bytes[bytes.length - 3000]! ^= 1;
    expect((await decode(bytes)).at(-1)).toMatchObject({ damage: {} });
  });

  it('opens each chunk with what docs/formats/recording.md says, by openssl as well', async () => {
    const id = await record([MARK]);
    const key = await under.keys.find(id);
    const bytes = readFileSync(pathOf(id));
    let at = PREAMBLE_BYTES;
    let seen = 0;
    while (at < bytes.length) {
      const header = readChunkHeader(bytes.subarray(at));
      if (typeof header === 'string') throw new Error(header);
      expect((header.flags & CHUNK_FLAG.ENCRYPTED) !== 0).toBe(header.kind === CHUNK_KIND.EVENTS);
      if (header.kind === CHUNK_KIND.EVENTS) {
        seen += 1;
        const stored = bytes.subarray(at + header.headerBytes, at + header.headerBytes + header.storedBytes);
        const iv = `${header.sequence.toString(16).padStart(16, '0')}${'0'.repeat(16)}`;
        const args = ['enc', '-d', '-aes-256-ctr', '-K', Buffer.from(key ?? []).toString('hex'), '-iv', iv, '-nosalt'];
        expect(execFileSync('openssl', args, { input: stored }).includes(MARK)).toBe(true);
      }
      at += chunkBytes(header);
    }
    expect(seen).toBe(1);
  });

  it('has a plain view of the same length, whose any range is that range of the whole (law)', async () => {
    const id = await record(pieces);
    const size = readFileSync(pathOf(id)).length;
    const whole = await under.store.readRaw(id, 0, size, 'plain');
    expect(whole).toHaveLength(size);
    const events = await decode(whole, { trustOpened: true });
    expect(Buffer.from(outputOf(events)).toString()).toBe(pieces.join(''));
    expect(events.at(-1)).not.toHaveProperty('damage');
    // Who did not agree to it must not take it.
    expect((await decode(whole)).at(-1)).toMatchObject({ damage: { detail: 'it says that somebody decrypted it' } });
    await fc.assert(
      fc.asyncProperty(fc.nat(size + 10), fc.nat(100_000), async (start, length) => {
        const part = await under.store.readRaw(id, start, start + length, 'plain');
        expect(Buffer.compare(part, whole.subarray(start, start + length))).toBe(0);
      }),
      { numRuns: 100 },
    );
    // Ends inside a header too: its flag is another there.
    const second = PREAMBLE_BYTES + chunkBytes(readChunkHeader(whole.subarray(PREAMBLE_BYTES)) as never);
    for (let stop = second; stop < second + 100; stop += 1)
      expect(Buffer.compare(await under.store.readRaw(id, 0, stop, 'plain'), whole.subarray(0, stop))).toBe(0);
    expect(Buffer.compare(await under.store.readRaw(id, 0, size), readFileSync(pathOf(id)))).toBe(0);
  });

  it('hands a damaged chunk out as it lies, so that the reader names it', async () => {
    const id = await record(pieces);
    const bytes = readFileSync(pathOf(id));
    const first = PREAMBLE_BYTES + chunkBytes(readChunkHeader(bytes.subarray(PREAMBLE_BYTES)) as never);
    bytes[first + 100]! ^= 1;
    writeFileSync(pathOf(id), bytes);
    const whole = await under.store.readRaw(id, 0, bytes.length, 'plain');
    const end = (await decode(whole, { trustOpened: true })).at(-1);
    expect(end).toMatchObject({ damage: { position: first, detail: 'its bytes do not match its hash' } });
  });

  it('is recovered after a crash, torn anywhere in its tail, and opens up to there', { timeout: 60_000 }, async () => {
    const id = await record(pieces, false);
    const bytes = readFileSync(pathOf(id));
    for (const cut of [1, 40, 500, 30_000]) {
      const fresh = await world();
      try {
        // The same key in another place, as after a restart.
        const store = createDiskRecordingStore({ directory: under.directory, clock, keys: under.keys, encrypt: true });
        writeFileSync(pathOf(id), bytes.subarray(0, bytes.length - cut));
        await store.recover(() => false);
        expect(await store.describe(id)).toMatchObject({ state: 'truncated', encrypted: true });
        // As bytes: a chunk may end inside a character.
        const kept = outputOf(await collect(store.read(id)));
        expect(Buffer.from(pieces.join('')).subarray(0, kept.length).equals(kept)).toBe(true);
        await store.close();
        writeFileSync(join(under.directory, 'open', id), ''); // for the next round
      } finally {
        await fresh.close();
      }
    }
    truncateSync(pathOf(id), bytes.length - 1);
  });

  it('once deleted is gone from every copy: file, database and its log hold no key (crypto-shredding)', async () => {
    const id = await record(pieces);
    const { db, folder, keys } = under;
    const copy = join(folder, 'stolen.sprec');
    copyFileSync(pathOf(id), copy);
    const sealed = (await createSqliteRecordingKeyRows(db).get(id)) ?? '';
    const masterKey = readFileSync(join(folder, 'master.key'));
    expect(sealed.length).toBeGreaterThan(40);
    // A backup made before is the documented exception: with it and the master key the copy still opens.
    const onDisk = (): Buffer => {
      const files = readdirSync(dirname(db.file)).map((name) => readFileSync(join(dirname(db.file), name)));
      return Buffer.concat(files);
    };
    expect(onDisk().includes(sealed)).toBe(true);
    // The key itself stands nowhere, in no form (V46).
    const key = Buffer.from((await keys.find(id)) ?? []);
    for (const form of [key, key.toString('hex'), key.toString('base64'), key.toString('base64url')])
      expect(onDisk().includes(form)).toBe(false);

    await keys.destroy(id);
    rmSync(pathOf(id));
    expect(onDisk().includes(sealed)).toBe(false);
    expect(onDisk().includes(sealed.slice(3, 40))).toBe(false);
    expect(masterKey).toHaveLength(32); // the thief may have it too

    // The thief puts the copy back under the running vault: there is no key that opens it.
    copyFileSync(copy, pathOf(id));
    const store = under.open();
    const events = await collect(store.read(id));
    expect(Buffer.from(outputOf(events)).toString()).toBe('');
    expect(events.at(-1)).toMatchObject({ type: 'end', damage: { detail: NO_KEY } });
    expect(Buffer.from(await store.readRaw(id, 0, 1e9, 'plain')).includes(MARK)).toBe(false);
    await store.close();
  });

  it('leaves no key behind when its file cannot be made', async () => {
    const header = newHeader();
    await (await under.store.create(header)).seal(0);
    rmSync(join(under.directory, 'open'), { recursive: true });
    writeFileSync(join(under.directory, 'open'), 'no directory');
    const other = newHeader();
    await expect(under.store.create(other)).rejects.toThrow();
    expect(await under.keys.find(other.sessionId)).toBeUndefined();
    expect(existsSync(pathOf(other.sessionId))).toBe(false);
  });

  it('reads beside recordings that are not encrypted, whatever the setting is now', async () => {
    const id = await record([MARK]);
    const plain = createDiskRecordingStore({ directory: under.directory, clock, keys: under.keys });
    const header = newHeader();
    const writer = await plain.create(header);
    writer.output(0, Buffer.from(MARK));
    await writer.seal(1);
    for (const one of [id, header.sessionId]) {
      expect(Buffer.from(outputOf(await collect(plain.read(one)))).toString()).toBe(MARK);
    }
    expect(await plain.describe(header.sessionId)).not.toHaveProperty('encrypted');
    await plain.close();
  });
});

it('docs/formats/recording.md: the example of encryption is what the code does, and what openssl does', () => {
  const page = readFileSync(new URL('../../../../../../docs/formats/recording.md', import.meta.url), 'utf8');
  const [, payload = '', stored = '', check = ''] =
    /chunk 1, payload `(\w+)`, stored `(\w+)`, `keyCheck` `(\w+)`/.exec(page) ?? [];
  const key = Buffer.alloc(32, 0x11);
  const cipher = payloadCipher(key);
  expect(Buffer.from(cipher(1, Buffer.from(payload, 'hex'))).toString('hex')).toBe(stored);
  expect(Buffer.from(cipher(1, Buffer.from(stored, 'hex'))).toString('hex')).toBe(payload);
  expect(encryptionOf(key)).toEqual({ cipher: 'AES-256-CTR', keyCheck: check });
  const [command = ''] = /^printf .*openssl enc .*$/m.exec(page) ?? [];
  const shown = execFileSync('bash', ['-c', command.replace('| xxd -p', '| od -An -v -tx1')]).toString();
  expect(shown.replace(/\s/g, '')).toBe(stored);
});
