import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { idFromBytes } from '@sallyport/core/model/id.js';
import type { Session } from '@sallyport/core/model/session.js';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../app/system-clock.js';
import { createDiskRecordingStore } from '../../storage/disk/disk-recording-store.js';
import { createRecordingFacts } from './recording-facts.js';

test('F14: a list asked for while a recording is being made does not call it torn for ever', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'facts-'));
  const recordings = createDiskRecordingStore({ directory, clock: systemClock });
  onTestFinished(async () => {
    await recordings.close();
    rmSync(directory, { recursive: true });
  });
  const facts = createRecordingFacts(recordings);
  const id = idFromBytes(randomBytes(16));
  const at = (state: Session['state']) => facts.of({ id, state } as Session);

  // The moment between the file and its first bytes.
  const path = join(directory, id.slice(0, 2), `${id}.sprec`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  expect(await at('opening')).toMatchObject({ state: 'truncated' });
  rmSync(path);

  const writer = await recordings.create({
    sessionId: id,
    startedAt: 0,
    size: { cols: 80, rows: 24 },
    term: 'xterm-256color',
    title: 'root@web1',
    userName: 'ada',
    hostName: 'web1',
    login: 'root',
  });
  writer.output(1, Buffer.from('hello'));
  expect(await at('live')).toMatchObject({ state: 'writing' });
  await writer.seal(100);
  const over = await at('ended');
  expect(over).toMatchObject({ state: 'complete' });
  expect(await at('ended')).toBe(over);
});
