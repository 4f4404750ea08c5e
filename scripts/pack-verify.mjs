/**
 * `npm run pack:verify`: writes sallyport-verify-VERSION.tgz, the offline verifier: one file for Node, one module, one
 * HTML page. Everything is bundled from the core; nothing is depended on. `--out DIR` names another directory.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { ensureBuilt, root } from './workspace.mjs';

const source = join(root, 'packages/verify');
const out = join(source, 'dist-package');
const read = (path) => readFileSync(join(root, path), 'utf8');
const json = (path) => JSON.parse(read(path));

await ensureBuilt();
rmSync(out, { recursive: true, force: true });
write('bin/sallyport-verify.js', `#!/usr/bin/env node\n${await bundled('command.ts', 'node')}`);
chmodSync(join(out, 'bin/sallyport-verify.js'), 0o755);
write('verify.js', await bundled('verify.ts', 'browser'));
write('sallyport-verify.html', page(await bundled('page.ts', 'browser')));
for (const file of ['LICENSE', 'packages/verify/README.md']) write(file.split('/').at(-1), read(file));
write('package.json', `${JSON.stringify(manifest(), undefined, 2)}\n`);

const outArgument = process.argv.indexOf('--out');
const destination = outArgument === -1 ? root : resolve(process.argv[outArgument + 1]);
mkdirSync(destination, { recursive: true });
const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
const packArguments = ['pack', out, '--pack-destination', destination, '--silent'];
const name = execFileSync(npm[0], [...npm.slice(1), ...packArguments], { cwd: root, encoding: 'utf8' }).trim();
process.stdout.write(`${join(destination, name)}\n`);

async function bundled(entry, platform) {
  const build = await rolldown({
    input: join(source, 'src', entry),
    platform,
    external: /^node:/,
    logLevel: 'warn',
    treeshake: true,
  });
  const { output } = await build.generate({ format: 'esm', minify: platform === 'browser' });
  await build.close();
  if (output.length !== 1) throw new Error(`${entry} became ${output.length} files`);
  return output[0].code;
}

/** One file, and a policy that lets it run its own script and nothing else. */
function page(script) {
  const style = read('packages/verify/src/page.css').trim();
  const code = script.trim().replaceAll('</script', '<\\/script');
  const hash = (text) => createHash('sha256').update(text).digest('base64');
  return read('packages/verify/src/page.template')
    .replace('SCRIPT_HASH', hash(code))
    .replace('STYLE_HASH', hash(style))
    .replace('STYLE</style>', () => `${style}</style>`)
    .replace('SCRIPT</script>', () => `${code}</script>`);
}

function write(path, content) {
  const file = join(out, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
}

function manifest() {
  const { name, version, description, license, bin } = json('packages/verify/package.json');
  const { engines } = json('package.json');
  const exports = { '.': './verify.js' };
  const keywords = ['session-recording', 'evidence', 'ed25519', 'verify'];
  return { name, version, description, license, type: 'module', engines, bin, exports, keywords, dependencies: {} };
}
