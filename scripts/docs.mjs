/**
 * Writes the generated pages: docs/operate/errors.md and the table of docs/adr/0011-runtime-dependencies.md.
 * With --check it writes nothing and exits 1 when one of them is stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dependenciesTable, withoutSize } from './dependencies-table.mjs';
import { errorsPage } from './errors-page.mjs';
import { ensureInstalled, must, root, say } from './workspace.mjs';

/** One line each; a dependency without a reason stops the build. */
const REASONS = {
  '@lydell/node-pty': 'a real PTY for the demo target and tests; binaries inside npm',
  '@marcbachmann/cel-js': 'conditions of grants and rules in CEL: parser, type checker and evaluator (0023)',
  '@node-rs/argon2': 'argon2id password hashes; binaries inside npm',
  '@tanstack/react-query': 'server state of the pages',
  '@tanstack/react-router': 'typed routes; the URL is the state',
  '@xterm/addon-fit': 'terminal size from pixels',
  '@xterm/addon-search': 'find in the terminal',
  '@xterm/addon-unicode11': 'widths of wide characters and emoji',
  '@xterm/headless': 'the terminal emulator of replay indexes, pictures and transcripts',
  '@xterm/xterm': 'the terminal emulator of page and replay',
  commander: 'the command line’s grammar and help',
  fastify: 'HTTP server',
  'intl-messageformat': 'ICU messages: plurals and numbers in two languages',
  kysely: 'typed SQL for SQLite and PostgreSQL (0005)',
  libsql: 'SQLite where Node has none; binaries inside npm (0005)',
  otpauth: 'TOTP codes',
  pino: 'JSON logs',
  'pinyin-pro': 'finding Chinese names by pinyin',
  react: 'the pages (0008)',
  'react-dom': 'the pages (0008)',
  ssh2: 'SSH to hosts, behind one port (0003)',
  uqr: 'QR code of the authenticator’s secret',
  ws: 'WebSocket server',
  yaml: 'the settings file',
  zod: 'schemas of API, settings and command line',
};
const START = '<!-- table: made by scripts/docs.mjs -->';
const END = '<!-- end of table -->';

const check = process.argv.includes('--check');
const stale = [];
function put(path, text, same = (a, b) => a === b) {
  const file = join(root, path);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (same(before, text)) return;
  if (check) stale.push(path);
  else {
    writeFileSync(file, text);
    say(`wrote ${path}`);
  }
}

await ensureInstalled();
await must('compiling', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/core'], {
  stdout: 'stderr',
});
const { PROBLEMS } = await import('../packages/core/dist/model/problem.js');
put('docs/operate/errors.md', errorsPage(PROBLEMS));

const adr = 'docs/adr/0011-runtime-dependencies.md';
const text = readFileSync(join(root, adr), 'utf8');
const before = text.slice(0, text.indexOf(START) + START.length);
const after = text.slice(text.indexOf(END));
put(adr, `${before}\n${dependenciesTable(root, REASONS)}\n${after}`, (a, b) => withoutSize(a) === withoutSize(b));

if (stale.length > 0) {
  say(`stale: ${stale.join(', ')}. Run: node scripts/docs.mjs`);
  process.exit(1);
}
