/** Targets: a private OpenSSH server on a loopback port, and a shell-less echo server for counting sessions cheaply. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, listening, said, start } from './processes.mjs';

export const login = userInfo().username;

/**
 * Starts sshd with its own keys; answers its port, the user's private key file and its text, and the host key. With
 * `home`, shells begin there and not in the start-up files of whoever measures.
 */
export async function startSshd(directory, { home } = {}) {
  const at = (name) => join(directory, name);
  for (const name of ['user_key', 'host_key']) {
    if (!existsSync(at(name))) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  }
  copyFileSync(at('user_key.pub'), at('authorized_keys'));
  const port = await freePort();
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${at('host_key')}`,
    `AuthorizedKeysFile ${at('authorized_keys')}`,
    `PidFile ${at('sshd.pid')}`,
    'PubkeyAuthentication yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PrintMotd no',
    'PrintLastLog no',
    'MaxStartups 1000',
    'MaxSessions 1000',
    'LogLevel ERROR',
    ...(home === undefined ? [] : [`SetEnv HOME=${home}`]),
  ];
  writeFileSync(at('sshd.conf'), `${lines.join('\n')}\n`);
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const child = start('/usr/sbin/sshd', ['-D', '-e', '-f', at('sshd.conf')]);
  await listening(port);
  return { child, port, keyFile: at('user_key'), privateKey: readFileSync(at('user_key'), 'utf8') };
}

/** An SSH server that accepts everybody and echoes: a few KiB per session, so that thousands fit beside what is measured. */
export async function startEchoTarget() {
  const child = start(process.execPath, [fileURLToPath(new URL('echo-target.mjs', import.meta.url))]);
  const [, port] = await said(child, /^port (\d+)$/m);
  return { child, port: Number(port) };
}

/** Coloured log lines, the usual flood of a terminal. */
export function writeLogText(path, mebibytes) {
  const file = openSync(path, 'w');
  const levels = ['\x1b[32mINFO\x1b[0m', '\x1b[33mWARN\x1b[0m', '\x1b[31mERROR\x1b[0m', '\x1b[36mDEBUG\x1b[0m'];
  let written = 0;
  let seed = 1;
  const next = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648; // the same text on every machine
    return seed;
  };
  while (written < mebibytes * 1_048_576) {
    let block = '';
    while (block.length < 65_536) {
      const at = `2026-11-22T10:${String(next() % 60).padStart(2, '0')}:${String(next() % 60).padStart(2, '0')}.${String(next() % 1000).padStart(3, '0')}Z`;
      block += `\x1b[2m${at}\x1b[0m ${levels[next() % 4]} worker-${next() % 32} request ${next().toString(16)} took ${next() % 900} ms, 主机 web-${next() % 99} ok\r\n`;
    }
    written += writeSync(file, block);
  }
  return path;
}
