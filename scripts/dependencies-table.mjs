/** The table of docs/adr/0011-runtime-dependencies.md: every run-time dependency as it is installed. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const PACKAGES = ['core', 'server', 'cli', 'console'];
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Where Node would find `name` from `from`, or undefined (an optional package for another platform). */
function find(name, from, root) {
  for (let at = from; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name);
    if (existsSync(join(path, 'package.json'))) return path;
    if (relative(root, at) === '' || dirname(at) === at) return undefined;
  }
}

function bytesOf(path) {
  let bytes = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const inner = join(path, entry.name);
    bytes += entry.isDirectory() ? bytesOf(inner) : entry.isFile() ? statSync(inner).size : 0;
  }
  return bytes;
}

function closure(path, root, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  const { dependencies = {}, optionalDependencies = {} } = json(join(path, 'package.json'));
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const next = find(name, path, root);
    if (next !== undefined) closure(next, root, seen);
  }
  return seen;
}

/** Some packages say their licence in the old plural field. */
const licenceOf = ({ license, licenses }) => license ?? licenses?.map(({ type }) => type).join(', ') ?? 'none stated';

export function dependencies(root) {
  const users = new Map();
  for (const name of PACKAGES) {
    for (const dependency of Object.keys(json(join(root, 'packages', name, 'package.json')).dependencies ?? {})) {
      if (dependency.startsWith('@sallyport/')) continue;
      users.set(dependency, [...(users.get(dependency) ?? []), name]);
    }
  }
  return [...users]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, usedBy]) => {
      const path = usedBy
        .map((user) => find(name, join(root, 'packages', user), root))
        .find((found) => found !== undefined);
      if (path === undefined) throw new Error(`${name} is not installed`);
      const manifest = json(join(path, 'package.json'));
      const brought = closure(path, root);
      const bytes = [...brought].reduce((sum, one) => sum + bytesOf(one), 0);
      return { name, version: manifest.version, licence: licenceOf(manifest), usedBy, brings: brought.size - 1, bytes };
    });
}

/** What is brought, and its size, differ between platforms: a check compares everything but the last two columns. */
export const withoutSize = (table) => table.replace(/ \d+ \| [\d.]+ MB \|$/gm, '');

export function dependenciesTable(root, reasons) {
  const rows = dependencies(root).map(({ name, version, licence, usedBy, brings, bytes }) => {
    const reason = reasons[name];
    if (reason === undefined) throw new Error(`say in docs/adr/0011 why ${name} is used (scripts/docs.mjs)`);
    const size = `${(bytes / 1_048_576).toFixed(1)} MB`;
    return `| \`${name}\` | ${version} | ${licence} | ${usedBy.join(', ')} | ${reason} | ${brings} | ${size} |`;
  });
  return `| Package | Version | Licence | Used by | For | Brings | On disk |\n|---|---|---|---|---|---|---|\n${rows.join('\n')}`;
}
