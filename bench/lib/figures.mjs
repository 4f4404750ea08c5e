/** Medians, tables and the results page. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { load } from './processes.mjs';

export const quantile = (values, share) => {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};
export const median = (values) => {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
export const fixed = (value, digits = 1) => (Number.isFinite(value) ? value.toFixed(digits) : '-');

/** Rows of objects with the same keys as a Markdown table. */
export function table(rows) {
  const keys = Object.keys(rows[0]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(keys), line(keys.map(() => '---')), ...rows.map((row) => line(keys.map((key) => row[key] ?? '-')))].join(
    '\n',
  );
}

/** What an aim says about a figure, in words that can be read in a table. */
export const verdict = (met) => (met === undefined ? 'not measured' : met ? 'met' : 'missed');

function versions() {
  const first = (command, args) => {
    try {
      return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
        .trim()
        .split('\n')[0];
    } catch {
      return undefined;
    }
  };
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const commit = first('git', ['-C', root, 'rev-parse', '--short', 'HEAD']);
  return [`commit ${commit}`, `Node ${process.versions.node}`, `Linux ${release()}`, `${cpus().length} cores`].join(
    ', ',
  );
}

const RESULTS = fileURLToPath(new URL('../RESULTS.md', import.meta.url));
const HEAD = `# Results

Appended by \`npm run bench -- NAME --write\`; newest last. Read ratios inside one run: the machine is shared and its load is given. How each
is measured stands in [README.md](README.md).
`;

export function report(title, command, loads, body, write) {
  const day = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const text = `## ${title}\n\n${day} UTC, ${versions()}, load ${loads[0]} before, ${loads[1]} after. \`${command}\`\n\n${body}\n`;
  process.stdout.write(`\n${text}\n`);
  if (!write) return;
  const before = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : HEAD;
  writeFileSync(RESULTS, `${before.trimEnd()}\n\n${text}`);
}

/** Runs `body` between two looks at the machine's load and reports what it returns. */
export async function measured(title, command, write, body) {
  const before = load();
  const text = await body();
  report(title, command, [before, load()], text, write);
}
