// The weight of the page, gzip, against its budget (docs: design of the console). `npm run build` first.
// Shell: what every page loads, with one language. Terminal: what the first prompt needs beyond that.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const KB = 1000;
const BUDGET = { shell: 180 * KB, terminal: 110 * KB, total: 290 * KB };

const weigh = (files) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length, 0);

/** The files a chunk needs: itself, its styles and its static imports. */
function closure(key, files = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`the build has no ${key}`);
  if (files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const style of chunk.css ?? []) files.add(style);
  for (const one of chunk.imports ?? []) closure(one, files);
  return files;
}
const minus = (files, others) => new Set([...files].filter((file) => !others.has(file)));
const heaviest = (sets) => sets.reduce((a, b) => (weigh(a) >= weigh(b) ? a : b));

const entry = closure('index.html');
const language = heaviest(
  ['src/i18n/en/catalogue.ts', 'src/i18n/zh-CN/catalogue.ts'].map((key) => minus(closure(key), entry)),
);
const shellFiles = new Set([...entry, ...language, 'index.html', 'boot.js', 'icon.svg']);
// The emulator comes beside its page, not before it.
const terminalFiles = minus(
  new Set(['src/terminal/page.tsx', 'src/terminal/emulator.ts'].flatMap((key) => [...closure(key)])),
  shellFiles,
);

const weight = { shell: weigh(shellFiles), terminal: weigh(terminalFiles) };
weight.total = weight.shell + weight.terminal;

let over = false;
for (const [part, bytes] of Object.entries(weight)) {
  const bad = bytes > BUDGET[part];
  over ||= bad;
  const line = `${part.padEnd(9)}${(bytes / KB).toFixed(1).padStart(7)} KB of ${BUDGET[part] / KB} KB`;
  process.stdout.write(`${line}${bad ? '   TOO HEAVY' : ''}\n`);
}
if (over) process.exit(1);
