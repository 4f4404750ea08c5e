/**
 * A recording as they really are: a shell on a real terminal whose programs print colours, Chinese, what no compressor
 * shortens and bytes that are no text, at sizes that change, written by the disk store. Long enough for an index.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createLocalPtyConnector } from '../../src/edges/egress/local-pty/create-local-pty-connector.js';
import { createDiskRecordingStore } from '../../src/edges/storage/disk/disk-recording-store.js';
import { recordingPath } from '../../src/edges/storage/disk/recording-files.js';
import type { Clock } from '../../src/gateway/ports/clock.js';
import { newHeader } from '../../src/gateway/ports/recording-store.contract.js';
import { driveShell, shellRequest } from '../fixtures/shell-driver.js';

const SCRIPT = `ls -la --color=always /usr/bin | head -400; printf '\\033[2J\\033[H堡垒机 审计\\r\\n';
  i=0; while [ $i -lt 12 ]; do printf '\\345\\240'; sleep 0.06; printf '\\241 %s 中文 \\377\\r\\n' $i; i=$((i+1)); done;
  stty raw; head -c 700000 /dev/urandom; head -c 500000 /dev/urandom; stty sane; ls --color=always -R /etc | head -300; exit 4`;
const SIZES = [
  { cols: 132, rows: 43 },
  { cols: 80, rows: 24 },
  { cols: 211, rows: 50 },
];

export interface RecordedShell {
  readonly bytes: Buffer;
  readonly output: Buffer;
}

export async function recordShell(directory: string, clock: Clock): Promise<RecordedShell> {
  const connector = createLocalPtyConnector({ shell: '/bin/sh', args: ['-c', SCRIPT] });
  const store = createDiskRecordingStore({ directory, clock });
  const header = newHeader();
  const writer = await store.create(header);
  const target = { hostName: 'h', address: 'local', port: 22, legacyAlgorithms: false };
  const opened = await connector.connect(
    shellRequest({ target, login: 'x', secret: { kind: 'password', password: '' } }),
  );
  if (!opened.ok) throw new Error('no shell');
  const shell = driveShell(opened.value);
  const started = clock.monotonic();
  const output: Buffer[] = [];
  let sizes = 0;
  shell.onOutput((bytes) => {
    const at = clock.monotonic() - started;
    writer.output(at, bytes);
    output.push(bytes);
    if (output.length % 7 !== 0) return;
    const size = SIZES[sizes++ % SIZES.length]!;
    writer.resize(at, size);
    opened.value.resize(size);
  });
  const cause = await shell.ended;
  await writer.seal(clock.monotonic() - started, cause.kind === 'exit' ? cause.exitCode : undefined);
  await store.close();
  return { bytes: readFileSync(recordingPath(directory, header.sessionId)), output: Buffer.concat(output) };
}

/** A directory in memory where there is one: thousands of syncs are not what these tests are about. */
export function quickDirectory(): string {
  const [where] = ['/dev/shm', '/tmp'].filter((path) => execFileSync('df', ['--output=avail', path]).length > 0);
  return where ?? '/tmp';
}
