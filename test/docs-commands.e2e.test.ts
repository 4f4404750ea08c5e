/**
 * Every shell command of the documents is run. Commands of `sallyport` and `npm start` run here, in the order a reader
 * would type them, in a working directory and a data directory of their own; a placeholder (an address of the
 * documentation range, a fingerprint, an id) stands for what the machine at hand has. What cannot run inside a test
 * (installing, the tests themselves) is mapped to what runs it, and that is checked. An unknown command fails.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, type Sshd, startSshd } from '../packages/server/test/fixtures/sshd.js';
import { fences } from './architecture/markdown.js';
import { files, ROOT, read } from './architecture/source-files.js';

interface Command {
  readonly document: string;
  readonly line: string;
}
/** Guides first: they make what the pages about running then back up and check. */
const ORDER = ['docs/guide/first-five-minutes.md', 'docs/guide/', 'docs/operate/install.md', 'docs/operate/', ''];
const commands: readonly Command[] = files
  .filter((path) => path.endsWith('.md') && path !== 'README.zh-CN.md') // the same commands, asserted elsewhere
  .sort((a, b) => rank(a) - rank(b))
  .flatMap((document) =>
    fences(read(document))
      .filter(({ language }) => language === 'sh')
      .flatMap(({ body }) => body.replaceAll('\\\n', ' ').split('\n'))
      .map((line) => ({ document, line: line.replace(/\s+#.*$|^#.*$/, '').trim() }))
      .filter(({ line }) => line !== ''),
  );
function rank(path: string): number {
  if (path === 'docs/guide/command-line.md') return ORDER.length; // it signs out
  return ORDER.findIndex((prefix) => path.startsWith(prefix));
}

/** What runs elsewhere: the pattern, the file that runs it, and the words there that do. */
const ELSEWHERE: readonly (readonly [RegExp, string, RegExp])[] = [
  [/^npm ci$/, 'scripts/workspace.mjs', /'ci', '--no-audit'/],
  [/^npm test$/, '.ci/run', /^npm test$/m],
  [/^npm run check$/, 'package.json', /"check": "node scripts\/check\.mjs"/],
  [/^npm run bench -- all --write$/, 'bench/run.mjs', /positionals\[0\] === 'all'/],
  [/^npm run bench -- [\w-]+( --[\w-]+( [\w,]+)?)*$/, 'bench/run.mjs', /const NAMES = /],
  [/^openssl pkeyutl -verify/, 'packages/core/src/cast/signature.test.ts', /pkeyutl/],
  [/^printf .* openssl enc -aes-256-ctr/, 'packages/server/src/edges/storage/disk/', /aes-256-ctr/],
  [/^sallyport-verify /, 'packages/verify/test/', /sallyport-verify/],
  [/^npm run pack$/, 'packages/cli/test/', /'run'(, '--silent')?, 'pack'/],
  [/^npm install --global \.\/sallyport-[\d.]+\.tgz$/, 'packages/cli/test/', /--global|'-g'/],
];
const elsewhere = ({ line }: Command) => ELSEWHERE.find(([pattern]) => pattern.test(line));

describe('commands of the documents that run elsewhere', () => {
  it.each(commands.filter((command) => elsewhere(command)))('$line ($document)', (command) => {
    const [, where, words] = elsewhere(command)!;
    const places = files.filter((path) => path === where || (where.endsWith('/') && path.startsWith(where)));
    expect(places.filter((path) => words.test(read(path)))).not.toEqual([]);
    const bench = /^npm run bench -- ([\w-]+)/.exec(command.line)?.[1];
    if (bench !== undefined && bench !== 'all') expect(files).toContain(`bench/${bench}.mjs`);
  });
});

const place = mkdtempSync(join(tmpdir(), 'sallyport-docs-'));
const data = join(place, 'data');
let sshd: Sshd;
let env: NodeJS.ProcessEnv;
let serverUrl = '';
let gateway: Running | undefined;

beforeAll(async () => {
  sshd = await startSshd();
  const bin = join(place, 'bin');
  mkdirSync(bin);
  // As an installed package puts it on the path.
  writeFileSync(
    join(bin, 'sallyport'),
    `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'packages/cli/bin/sallyport.js')}' "$@"\n`,
  );
  chmodSync(join(bin, 'sallyport'), 0o755);
  writeFileSync(join(place, 'alice.password'), 'sturdy-Lantern-77-quay\n', { mode: 0o600 });
  writeFileSync(join(place, 'bob.password'), 'gentle-Anchor-31-tide\n', { mode: 0o600 });
  writeFileSync(join(place, 'id_ed25519'), sshd.userKey.text, { mode: 0o600 });
  writeFileSync(join(place, 'demo.cast'), '{"version":2,"width":80,"height":24}\n[0.5,"o","hello\\r\\n"]\n');
  const certificate = ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-days', '1', '-subj', '/CN=gate.example.com'];
  execFileSync('openssl', [...certificate, '-keyout', 'gate.key', '-out', 'gate.crt'], { cwd: place, stdio: 'pipe' });
  chmodSync(join(place, 'gate.key'), 0o600);
  const port = await freePort();
  serverUrl = `http://127.0.0.1:${port}`;
  env = {
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    HOME: join(place, 'home'),
    NO_COLOR: '1',
    SALLYPORT_DATA: data,
    SALLYPORT_HTTP: `127.0.0.1:${port}`,
    SALLYPORT_SERVER: serverUrl,
  };
  mkdirSync(join(place, 'home'));
});
afterAll(async () => {
  await gateway?.stop();
  await sshd?.stop();
  rmSync(place, { recursive: true, force: true });
});

describe('commands of the documents, run', () => {
  it.each(commands.filter((command) => !elsewhere(command)))('$line ($document)', async ({ document, line }) => {
    if (/^(sallyport serve|npm start|npm run demo)\b/.test(line)) return serveOnce(line);
    expect(line, `${document}: no test runs this command`).toMatch(/^(sallyport|mv) /);
    if (line.startsWith('sallyport setup') && document !== 'docs/guide/first-five-minutes.md') {
      return expect(runDocumented(line)).rejects.toThrow(/already set up/);
    }
    if (/^sallyport (login|logout|host|account|user|recording|session|block|signing-key|audit)/.test(line)) {
      gateway ??= await start('sallyport serve', env);
      // There is no such recording, session or block, and no such person.
      if (line.startsWith('sallyport recording export') || / (s7k2q4|b7k2q4|zhou)\b/.test(line)) {
        return expect(runDocumented(line)).rejects.toThrow(/exit 5\n/);
      }
      if (line.includes('--key keys.jwk')) await runDocumented('sallyport signing-key export keys.jwk --force');
      if (line.startsWith('sallyport host test') && !(await trusted())) {
        return expect(runDocumented(line)).rejects.toThrow(/SHA256:/);
      }
    }
    await runDocumented(line);
  });
});

/** Commands that rotate or serve need the data directory to themselves. */
async function serveOnce(line: string): Promise<void> {
  await gateway?.stop();
  gateway = undefined;
  const http = /--http (\S+):\d+/.exec(line)?.[1];
  const port = await freePort();
  const used = line
    .replace(/--http \S+/, `--http ${http}:${port}`)
    .replace('--data ./other', `--data ${join(place, 'other')}`)
    .replace(/^npm run demo$/, 'npm run demo -- --port 0');
  const running = await start(used, http === '0.0.0.0' ? { ...env, SALLYPORT_HTTP: '' } : env);
  await running.stop();
}

async function trusted(): Promise<boolean> {
  return (await runDocumented('sallyport host ls --json')).includes('"approved"');
}

async function runDocumented(line: string): Promise<string> {
  const used = line
    .replace('root@192.0.2.10', `${sshd.login}@127.0.0.1:${sshd.port}`)
    .replace('SHA256:q1vT', sshd.hostKeyFingerprint)
    .replaceAll('./copies/', `${data}/`)
    .replace(/(export keys\.jwk)$/, '$1 --force')
    .replaceAll('/mnt/elsewhere/', `${place}/`);
  if (/^sallyport (vault)/.test(used)) {
    await gateway?.stop();
    gateway = undefined;
  }
  const child = spawn('sh', ['-c', used], { cwd: place, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${used}: exit ${code}\n${said}`);
  return said;
}

interface Running {
  stop(): Promise<void>;
}
async function start(line: string, environment: NodeJS.ProcessEnv): Promise<Running> {
  const cwd = line.startsWith('npm') ? ROOT : place;
  // A group of its own: npm's child is ended with it.
  const child = spawn('sh', ['-c', `exec ${line}`], { cwd, env: environment, stdio: 'pipe', detached: true });
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    const read = (bytes: Buffer): void => {
      said += bytes.toString();
      if (/"msg":"ready"|\bready\b|http:\/\/127\.0\.0\.1:\d+\S*/.test(said)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', (code) => reject(new Error(`${line}: ended with ${code}\n${said}`)));
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await ready;
  return {
    async stop() {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await gone;
    },
  };
}

it('the documents keep their placeholders', () => {
  expect(readFileSync(join(ROOT, 'docs/guide/first-five-minutes.md'), 'utf8')).toContain('root@192.0.2.10');
  expect(commands.length).toBeGreaterThan(15);
  expect(serverUrl).not.toBe('');
});
