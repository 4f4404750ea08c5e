/** What must never reach the repository or a page: addresses of machines and registries, loose versions, foreign URLs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files, ROOT, read } from './architecture/source-files.js';

const TEXT = /\.(tsx?|mjs|js|json|md|ya?ml|css|html|sh|py|conf|txt|service)$|^\.(npmrc|gitignore)$|^\.ci\//;
const text = files.filter((path) => TEXT.test(path) && path !== 'package-lock.json');
const manifests = files.filter((path) => /(^|\/)package\.json$/.test(path));

interface Manifest {
  readonly license?: string;
  readonly private?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}
const manifest = (path: string): Manifest => JSON.parse(read(path)) as Manifest;

describe('the repository', () => {
  it('names no path of somebody’s machine', () => {
    const machine = /(^|[\s'"`(=:])\/(work|root|Users)\//m;
    expect(text.filter((path) => machine.test(read(path)))).toEqual([]);
  });

  it('names no package registry (V49)', () => {
    const registry = new RegExp(['registry\\.npm', 'npmmirror', 'registry\\.yarn', '_authToken'].join('|'));
    const self = 'test/hygiene.test.ts';
    expect([...text, 'package-lock.json'].filter((path) => path !== self && registry.test(read(path)))).toEqual([]);
  });

  it('locks versions without the address they were fetched from', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { resolved?: string; link?: true }>;
    };
    const addressed = Object.entries(lock.packages).filter(([, entry]) => entry.resolved && !entry.link);
    expect(addressed.map(([name]) => name)).toEqual([]);
  });

  it('depends on exact versions, and on few of them at run time', () => {
    const loose = manifests.flatMap((path) => {
      const { dependencies = {}, devDependencies = {} } = manifest(path);
      return Object.entries({ ...dependencies, ...devDependencies })
        .filter(([name, version]) => !name.startsWith('@sallyport/') && !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => `${path}: ${name}@${version}`);
    });
    expect(loose).toEqual([]);
    const direct = new Set(
      ['core', 'server', 'cli'].flatMap((name) =>
        Object.keys(manifest(`packages/${name}/package.json`).dependencies ?? {}),
      ),
    );
    expect([...direct].filter((name) => !name.startsWith('@sallyport/')).length).toBeLessThanOrEqual(24);
  });

  it('runs no install script, its own or a dependency’s', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
    const own = manifests.flatMap((path) =>
      hooks.filter((hook) => manifest(path).scripts?.[hook] !== undefined).map((hook) => `${path}: ${hook}`),
    );
    expect(own).toEqual([]);
  });

  it('is Apache-2.0 throughout', () => {
    expect(read('LICENSE')).toContain('Apache License');
    expect(manifests.filter((path) => manifest(path).license !== 'Apache-2.0')).toEqual([]);
  });
});

const built = join(ROOT, 'packages/console/dist');
describe.runIf(existsSync(built))('the built console', () => {
  const assets = existsSync(built) ? readdirSync(built, { recursive: true, encoding: 'utf8' }) : [];
  const asset = (path: string): string => readFileSync(join(built, path), 'utf8');

  it('has no inline script, style or handler: the content security policy forbids them', () => {
    for (const page of assets.filter((path) => path.endsWith('.html'))) {
      expect(asset(page)).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=|\sstyle=/i);
    }
  });

  it('fetches nothing from elsewhere', () => {
    for (const path of assets.filter((one) => /\.(html|css)$/.test(one))) {
      expect(asset(path), path).not.toMatch(/(src|href)=["']?(https?:)?\/\/|url\(["']?(https?:)?\/\/|@import/i);
    }
    for (const path of assets.filter((one) => one.endsWith('.js'))) {
      expect(asset(path), path).not.toMatch(/(fetch|import|WebSocket|EventSource)\(\s*["'`](https?:|wss?:)?\/\//);
    }
  });
});
