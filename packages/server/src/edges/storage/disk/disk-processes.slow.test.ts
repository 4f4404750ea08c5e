/** Recording by processes of their own: killed by signal 9 at random moments, and held to a limit of the system. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { idFromBytes } from '@sallyport/core/model/id.js';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeClock } from '../../../../test/fixtures/fake-clock.js';
import { pieceOf } from '../../../../test/fixtures/recorded-pieces.js';
import { collect, outputOf } from '../../../gateway/ports/recording-store.contract.js';
import { createDiskRecordingStore } from './disk-recording-store.js';

const KILLS = 50;
const AT_ONCE = 2;

let root: string;
let fixtures: string;
/** The sources as JavaScript, once, so that each child starts in a blink. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sprec-kill-'));
  const packages = join(import.meta.dirname, '../../../../..');
  const core = join(root, 'node_modules/@sallyport/core');
  const compile = async (from: string, to: string): Promise<void> => {
    for (const name of await readdir(from)) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
      const { outputText } = ts.transpileModule(await readFile(join(from, name), 'utf8'), { compilerOptions });
      const file = join(to, name.replace(/\.ts$/, '.js'));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, outputText);
    }
  };
  for (const folder of ['cast', 'model']) await compile(join(packages, 'core/src', folder), join(core, folder));
  await writeFile(join(core, 'package.json'), JSON.stringify({ type: 'module', exports: { './*.js': './*.js' } }));
  await writeFile(join(root, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const folder of ['src/edges/storage/disk', 'src/gateway/ports', 'test/fixtures'])
    await compile(join(packages, 'server', folder), join(root, folder));
  fixtures = join(root, 'test/fixtures');
});
afterAll(() => rm(root, { recursive: true }));

async function ready(child: ChildProcess): Promise<void> {
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  const exited = once(child, 'exit').then(() => {
    throw new Error(`the recording process ended by itself: ${errors}`);
  });
  await Promise.race([once(child.stdout!, 'data'), exited]);
  exited.catch(() => {});
}

/** One life of the process: how much each of its recordings lost, after checking all that is left. */
async function killOnce(run: number, afterMs: number): Promise<number[]> {
  const directory = join(root, `recordings-${run}`);
  const progress = join(root, `progress-${run}`);
  const ids = Array.from({ length: 4 }, () => idFromBytes(randomBytes(16)));
  const child = spawn(process.execPath, [join(fixtures, 'record-for-ever.js'), directory, progress, ...ids]);
  await ready(child);
  await new Promise((resolve) => setTimeout(resolve, afterMs)); // the moment is the point of this test
  child.kill('SIGKILL');
  await once(child, 'exit');

  const told = await readFile(progress);
  const losses: number[] = [];
  const store = createDiskRecordingStore({ directory, clock: fakeClock() });
  const plays = async (session: number): Promise<{ output: Buffer; atMs: number; truncated: boolean }> => {
    const events = await collect(store.read(ids[session]!));
    const end = events.at(-1);
    const last = events.findLast(({ type }) => type === 'output');
    return {
      output: outputOf(events),
      atMs: last?.atMs ?? 0,
      truncated: end?.type === 'end' && end.truncated === true,
    };
  };
  for (const [session, id] of ids.entries()) {
    const sent = told.length >= session * 16 + 16 ? told.readDoubleBE(session * 16) : 0;
    const lastAt = told.length >= session * 16 + 16 ? told.readDoubleBE(session * 16 + 8) : 0;
    const { output, atMs, truncated } = await plays(session);
    expect(truncated).toBe(true);
    const pieces: Buffer[] = [];
    for (let n = 0, length = 0; length < output.length; n += 1) {
      const piece = pieceOf(session, n);
      pieces.push(piece);
      length += piece.length;
    }
    const expected = Buffer.concat(pieces);
    expect(expected.subarray(0, output.length).equals(output), `run ${run}, ${id}`).toBe(true);
    // The process may have been killed between the append and telling of it.
    losses.push(output.length >= sent ? 0 : lastAt - atMs);
  }
  const before = await Promise.all(ids.map((_, session) => plays(session)));
  expect([...(await store.recover(() => false))].sort()).toEqual([...ids].sort());
  for (const [session, id] of ids.entries()) {
    const after = await collect(store.read(id));
    expect(outputOf(after).equals(before[session]!.output)).toBe(true);
    expect(after.at(-1)).not.toHaveProperty('damage');
    expect(await store.describe(id)).toMatchObject({ state: 'truncated' });
  }
  await rm(directory, { recursive: true });
  return losses;
}

it(`F1, X21: killed ${KILLS} times, each recording plays without a manual step and lost at most 1 s`, async () => {
  let seed = 20_261_122;
  const moment = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return (seed / 2 ** 32) * 500;
  };
  const losses: number[] = [];
  for (let run = 0; run < KILLS; run += AT_ONCE) {
    const runs = Array.from({ length: AT_ONCE }, (_, n) => killOnce(run + n, moment()));
    losses.push(...(await Promise.all(runs)).flat());
  }
  expect(losses).toHaveLength(KILLS * 4);
  expect(Math.max(...losses)).toBeLessThanOrEqual(1000);
  const sorted = losses.toSorted((a, b) => a - b);
  console.info(
    `lost by ${losses.length} recordings, ms: median ${sorted[losses.length >> 1]?.toFixed(1)}, most ${sorted.at(-1)?.toFixed(1)}`,
  );
}, 180_000);

it('V41: a file-size limit of the process is a failure like a full disk', () => {
  // The limit is inherited, so a process of its own meets it; EFBIG arrives at the same place as EIO would.
  const recordings = join(root, 'limited');
  const command = `ulimit -f 9000; exec ${process.execPath} ${join(fixtures, 'record-until-failure.js')} ${recordings}`;
  const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const answer = JSON.parse(stdout) as { told: string[]; state: string; kept: number };
  expect(answer.told).toEqual([expect.stringContaining('EFBIG')]);
  expect(answer.kept).toBeGreaterThan(8_000_000);
  expect(answer.state).toBe('truncated');
});
