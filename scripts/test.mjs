/**
 * `npm test`: sets up what the tests need and runs all of them: unit, contract and scenario tests in parallel, then end
 * to end, then the packaged product, one file at a time. Arguments go to vitest (`npm test -- packages/core`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { bin, ensureBuilt, run, say } from './workspace.mjs';

/** The real peers the tests talk to, and the Debian packages they come in. */
const PEERS = [
  { package: 'openssh-server', files: ['/usr/sbin/sshd'] },
  { package: 'openssh-client', files: ['/usr/bin/ssh-keygen'] },
  { package: 'chromium', files: ['/usr/bin/chromium'] },
  { package: 'fonts-noto-cjk', files: ['/usr/share/fonts/opentype/noto'] },
  { package: 'asciinema', files: ['/usr/bin/asciinema'] },
  { package: 'vim', files: ['/usr/bin/vim'] },
];

function ensurePeers() {
  const missing = PEERS.filter(({ files }) => !files.every((file) => existsSync(file))).map((peer) => peer.package);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    say(`sallyport: the tests need ${missing.join(', ')}. On Debian: sudo apt-get install ${missing.join(' ')}`);
    process.exit(1);
  }
  say(`sallyport: installing what the tests talk to: ${missing.join(', ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status;
  apt('update', '-q');
  if (apt('install', '-q', '-y', '--no-install-recommends', ...missing) === 0) return;
  say(`sallyport: apt-get could not install ${missing.join(', ')}. Install them by hand and run the tests again.`);
  process.exit(1);
}

ensurePeers();
await ensureBuilt();
process.exitCode = await run(bin('vitest'), ['run', ...process.argv.slice(2)]);
