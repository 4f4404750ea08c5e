/** The published package, installed as a stranger would: from the tarball, under a clean prefix, without a compiler. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linkPlainTools } from './plain-tools.js';
import { cleanEnvironment, runCommand, setupToken, startGateway } from './running-gateway.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PASSWORD = 'correct horse battery 7';
let home: string;
let prefix: string;
let path: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-package-'));
  prefix = join(home, 'prefix');
  path = join(home, 'path');
  mkdirSync(path);
  linkPlainTools(path);
}, 600_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Platform packages of the npm package `node`: the bare program, no install script. */
function nodeOf(major: number): string {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
  const folder = join(ROOT, '.cache', `node-${major}`);
  const name = `node-${process.platform}-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${major}`], {
      stdio: 'inherit',
    });
  }
  return program;
}

describe.sequential('the published package', () => {
  test('V49: installs globally from the tarball with no compiler in reach, few packages, its licences inside', () => {
    const tarball = execFileSync('npm', ['run', '--silent', 'pack', '--', '--out', home], {
      cwd: ROOT,
      encoding: 'utf8',
    }).trim();
    for (const compiler of ['gcc', 'cc', 'g++', 'make', 'python3'])
      expect(existsSync(join(path, compiler))).toBe(false);
    const npm = spawnSync(join(path, 'npm'), ['install', '--global', '--prefix', prefix, '--ignore-scripts', tarball], {
      env: { ...cleanEnvironment({}), PATH: path, HOME: home },
      encoding: 'utf8',
    });
    expect(npm.stderr).not.toContain('npm error');
    expect(npm.status).toBe(0);
    const installed = join(prefix, 'lib/node_modules/sallyport');
    expect(readdirSync(installed)).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.txt']));
    expect(readdirSync(join(prefix, 'bin')).sort()).toEqual(['sally', 'sallyport']);
    const packages = readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages.length).toBeLessThan(110);
    // Also what our dependencies depend on is what was tested, whatever came out since.
    const { packages: locked } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    const found = readdirSync(join(installed, 'node_modules'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(@[^/]+\/)?[^@./][^/]*\/package\.json$/.test(path))
      .map((path) => [`node_modules/${dirname(path)}`, join(installed, 'node_modules', path)] as const);
    expect(found.length).toBeGreaterThan(50);
    for (const [path, file] of found) {
      expect(JSON.parse(readFileSync(file, 'utf8')).version, path).toBe(locked[path]?.version);
    }
  });

  test.each([20, 24])('on Node %i: serve, the console, setup, a sealed secret, the demo’s shell', async (major) => {
    const program = { node: nodeOf(major), script: join(prefix, 'lib/node_modules/sallyport/bin/sallyport.js') };
    const env = { HOME: home, XDG_CONFIG_HOME: join(home, `config-${major}`) };
    const version = await runCommand(program, ['version', '--json'], env);
    expect(JSON.parse(version.stdout).node).toMatch(new RegExp(`^${major}\\.`));

    const gateway = await startGateway(
      program,
      ['serve', '--data', join(home, `data-${major}`), '--http', '127.0.0.1:0'],
      env,
    );
    try {
      expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
      const page = await fetch(`${gateway.url}/`);
      expect(await page.text()).toContain('<div id=');
      const setup = await fetch(`${gateway.url}/api/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: gateway.url },
        body: JSON.stringify({ token: await setupToken(gateway), name: 'root', password: PASSWORD }),
      });
      expect(setup.status).toBeLessThan(300);
      const remote = { ...env, SALLYPORT_SERVER: gateway.url };
      const login = await runCommand(program, ['login', '--user', 'root', '--password-file', '-'], remote, PASSWORD);
      expect(login).toMatchObject({ code: 0 });
      const add = ['host', 'add', 'web', 'deploy@127.0.0.1:1', '--password-file', '-'];
      expect(await runCommand(program, add, remote, 'secret')).toMatchObject({ code: 0 });
      expect((await runCommand(program, ['host', 'test', 'web'], remote)).code).toBe(7);
      expect((await runCommand(program, ['audit', 'verify'], remote)).stdout).toMatch(/^ok /);
      expect(await gateway.stop()).toBe(0);
      expect(gateway.output()).not.toMatch(/ExperimentalWarning|DeprecationWarning/);
    } finally {
      await gateway.stop('SIGKILL');
    }

    const demo = await startGateway(program, ['demo', '--port', '0'], env);
    try {
      const [, password = ''] = /admin +(\S+) +admin/.exec(demo.output()) ?? [];
      const remote = { ...env, SALLYPORT_SERVER: demo.url };
      await runCommand(program, ['login', '--user', 'admin', '--password-file', '-'], remote, password);
      expect(await runCommand(program, ['host', 'test', 'toybox'], remote)).toMatchObject({ code: 0 });
      expect(await demo.stop()).toBe(0);
    } finally {
      await demo.stop('SIGKILL');
    }
  });
});
