/**
 * `npm run pack`: writes sallyport-VERSION.tgz, the published package. Our own modules (core, server, command line) go in
 * as they were built, with the imports between them made relative; third-party packages stay dependencies with exact
 * versions, so that npm installs their prebuilt binaries and no compiler is needed; npm-shrinkwrap.json pins what these
 * depend on. `--out DIR` names another directory.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { ensureBuilt, root, say } from './workspace.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const json = (path) => JSON.parse(read(path));
const PACKAGES = ['core', 'server', 'cli'];
const out = join(root, 'packages/cli/dist-package');

await ensureBuilt();
const modules = await bundle();
rmSync(out, { recursive: true, force: true });
for (const module of modules) write(join('lib', module.fileName), module.code);
cpSync(join(root, 'packages/console/dist'), join(out, 'lib/console/dist'), { recursive: true });
cpSync(join(root, 'packages/console/dist-evidence'), join(out, 'lib/console/dist-evidence'), { recursive: true });
write('bin/sallyport.js', read('packages/cli/bin/sallyport.js').replace('../dist/main.js', '../lib/cli/dist/main.js'));
chmodSync(join(out, 'bin/sallyport.js'), 0o755);
for (const file of ['LICENSE', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'SECURITY.md']) {
  if (existsSync(join(root, file))) write(file, read(file));
}
write('THIRD-PARTY-NOTICES.txt', notices());
const described = manifest(modules);
write('package.json', `${JSON.stringify(described, undefined, 2)}\n`);
write('npm-shrinkwrap.json', `${JSON.stringify(shrinkwrap(described), undefined, 2)}\n`);

const outArgument = process.argv.indexOf('--out');
const destination = outArgument === -1 ? root : resolve(process.argv[outArgument + 1]);
mkdirSync(destination, { recursive: true });
const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
const packArguments = ['pack', out, '--pack-destination', destination, '--silent'];
const name = execFileSync(npm[0], [...npm.slice(1), ...packArguments], { cwd: root, encoding: 'utf8' }).trim();
process.stdout.write(`${join(destination, name)}\n`);

function write(path, content) {
  const file = join(out, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
}

/** Every module that is reached from the command line, each in a file of its own: workers are found beside their users. */
async function bundle() {
  const build = await rolldown({
    input: [join(root, 'packages/cli/dist/main.js'), ...workers()],
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('@sallyport/'),
    logLevel: 'warn',
  });
  const { output } = await build.generate({
    format: 'esm',
    preserveModules: true,
    preserveModulesRoot: join(root, 'packages'),
    entryFileNames: '[name].js',
  });
  await build.close();
  return output.filter(({ type }) => type === 'chunk');
}

/** Files that are started by path (`new URL('./x.js', import.meta.url)`) and that no import reaches. */
function workers() {
  return PACKAGES.flatMap((name) => {
    const dist = join(root, 'packages', name, 'dist');
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    return files.flatMap((file) => {
      const path = join(dist, file);
      const named = readFileSync(path, 'utf8').matchAll(/new URL\('(\.\/[\w./-]+\.js)', import\.meta\.url\)/g);
      return [...named].map(([, worker]) => resolve(path, '..', worker)).filter((worker) => existsSync(worker));
    });
  });
}

function manifest(chunks) {
  const { version, description, license, engines } = json('package.json');
  const pinned = Object.assign({}, ...PACKAGES.map((name) => json(`packages/${name}/package.json`).dependencies));
  const names = new Set(
    chunks
      .flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports])
      .filter(isPackage)
      .map(packageOf),
  );
  const dependencies = Object.fromEntries([...names].sort().map((name) => [name, pinned[name]]));
  const unpinned = Object.keys(dependencies).filter((name) => !/^\d/.test(dependencies[name] ?? ''));
  if (unpinned.length > 0) {
    say(`sallyport: imported, but no package of ours names a version: ${unpinned.join(', ')}`);
    process.exit(1);
  }
  const bin = { sallyport: 'bin/sallyport.js', sally: 'bin/sallyport.js' };
  const keywords = ['ssh', 'bastion', 'access-gateway', 'session-recording', 'audit'];
  return { name: 'sallyport', version, description, license, type: 'module', engines, bin, keywords, dependencies };
}

/** What an installed package's own dependencies are, to the last one: the versions and checksums that were tested. */
function shrinkwrap({ name, version, license, engines, bin, dependencies }) {
  const locked = json('package-lock.json').packages;
  const packages = { '': { name, version, license, engines, bin, dependencies } };
  /** Node's own search, from where the lock file says the package lies. */
  const find = (wanted, from) => {
    for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
      const path = `${base === '' ? '' : `${base}/`}node_modules/${wanted}`;
      if (locked[path]) return path;
      if (base === '') return undefined;
    }
  };
  const visit = (wanted, from, optional) => {
    const path = find(wanted, from);
    const needed = path !== undefined || optional;
    if (!needed) throw new Error(`package-lock.json does not hold ${wanted}`);
    // A platform's package that no lock file names is npm's to leave out.
    if (path === undefined || packages[path]) return;
    const { dev: _dev, devOptional: _devOptional, ...entry } = locked[path];
    packages[path] = entry;
    for (const next of Object.keys(entry.dependencies ?? {})) visit(next, path, false);
    for (const next of Object.keys(entry.optionalDependencies ?? {})) visit(next, path, true);
  };
  for (const direct of Object.keys(dependencies)) visit(direct, '', false);
  const nested = Object.keys(packages).filter((path) => path.startsWith('packages/'));
  if (nested.length > 0) throw new Error(`these would be installed elsewhere: ${nested.join(', ')}`);
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { name, version, lockfileVersion: 3, requires: true, packages: sorted };
}

function isPackage(id) {
  return (
    !id.startsWith('node:') && !builtinModules.includes(id) && /^[@a-z]/.test(id) && !/^(core|server|cli)\//.test(id)
  );
}
function packageOf(id) {
  return id.split('/', id.startsWith('@') ? 2 : 1).join('/');
}

/** The console's third-party code is inside its built files, so its licences travel with them. */
function notices() {
  const seen = new Map();
  const visit = (name, from) => {
    let folder = from;
    while (!existsSync(join(folder, 'node_modules', name, 'package.json'))) {
      if (folder === root || relative(root, folder).startsWith('..')) return;
      folder = join(folder, '..');
    }
    const path = join(folder, 'node_modules', name);
    const { version, license, dependencies = {} } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const title = `${name} ${version} (${license})`;
    if (seen.has(title)) return;
    const file = readdirSync(path).find((one) => /^licen[cs]e/i.test(one));
    seen.set(title, file === undefined ? 'See the package.' : readFileSync(join(path, file), 'utf8').trim());
    for (const next of Object.keys(dependencies)) visit(next, path);
  };
  for (const name of Object.keys(json('packages/console/package.json').dependencies))
    visit(name, join(root, 'packages/console'));
  const texts = [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, text]) => `${title}\n\n${text}\n`);
  return `The console contains code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
