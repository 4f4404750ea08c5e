/** The house's walls: ARCHITECTURE.md as assertions. */
import { describe, expect, it } from 'vitest';
import { brokenArrow, edgeOf, ringOf } from './architecture/rings.js';
import { cycles, files, graph, importsOf, isShipped, read } from './architecture/source-files.js';

const all = [...graph.values()].flat();
const PORTS = 'packages/server/src/gateway/ports/';

describe('arrows', () => {
  it('point inward only: core <- gateway <- edges <- app; console and cli see the core', () => {
    expect(all.map(brokenArrow).filter((reason) => reason !== undefined)).toEqual([]);
  });

  it('name files that exist', () => {
    const missing = all.filter((edge) => edge.to !== undefined && !files.includes(edge.to));
    expect(missing.map((edge) => `${edge.from} -> ${edge.specifier}`)).toEqual([]);
  });

  it('form no cycle, type imports included', () => {
    const edges = new Map([...graph].map(([path, list]) => [path, list.flatMap((edge) => edge.to ?? [])]));
    expect(cycles(edges)).toEqual([]);
  });

  it('keep the schema library out of the page: the console never reaches zod at run time', () => {
    const reached = new Set<string>();
    const toZod: string[] = [];
    const walk = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const edge of graph.get(path) ?? []) {
        if (edge.typeOnly) continue;
        if (edge.specifier === 'zod') toZod.push(path);
        if (edge.to !== undefined) walk(edge.to);
      }
    };
    for (const path of graph.keys()) if (ringOf(path) === 'console') walk(path);
    expect(toZod).toEqual([]);
  });

  it('leave ssh2 behind the target-connector port; elsewhere only tests and bench may name it', () => {
    const outside = files.filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !isShipped(path));
    const users = outside.filter((path) => importsOf(path).some((edge) => edge.specifier === 'ssh2'));
    const strangers = users.filter((path) => !/\.test\.ts$|\.contract\.ts$|^bench\/|\/test\//.test(path));
    expect(strangers).toEqual([]);
  });

  it('are seen by this test at all', () => {
    const kinds = importsOf(
      'packages/server/src/edges/vault/x.ts',
      `import type { A } from '../../gateway/session.js';
       import { type B } from '../storage/sqlite/database.js';
       export * from '@sallyport/core/model/id.js';
       const c = await import('ssh2');
       type D = import('../identity/sign-in.js').D;
       new Worker(new URL('./worker.js', import.meta.url));`,
    );
    expect(kinds.map((edge) => edge.specifier)).toEqual([
      '../../gateway/session.js',
      '../storage/sqlite/database.js',
      '@sallyport/core/model/id.js',
      'ssh2',
      '../identity/sign-in.js',
      './worker.js',
    ]);
    expect(kinds.map((edge) => edge.typeOnly)).toEqual([true, true, false, false, true, false]);
    expect(kinds.map(brokenArrow).map((reason) => reason !== undefined)).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
    ]);
    expect(cycles(new Map(Object.entries({ a: ['b'], b: ['c'], c: ['a'], d: ['a'] })))).toEqual([['a', 'b', 'c']]);
  });
});

describe('ports', () => {
  const ports = files.filter((path) => path.startsWith(PORTS) && !/\.(test|contract)\.ts$/.test(path));
  const tests = files.filter((path) => /^packages\/server\/.*\.test\.ts$/.test(path));
  const importsByTest = new Map(tests.map((path) => [path, importsOf(path).flatMap((edge) => edge.to ?? [])]));

  it.each(ports)('%s has a contract suite that a test runs', (port) => {
    const contract = port.replace(/\.ts$/, '.contract.ts');
    expect(files).toContain(contract);
    expect(read(contract)).toMatch(/export (async )?function describe\w+/);
    expect(tests.filter((path) => importsByTest.get(path)?.includes(contract))).not.toEqual([]);
  });

  it('are run by every adapter: an edge that makes a port has a test with that port’s contract', () => {
    const untested = ports.flatMap((port) => {
      const name = pascal(/([^/]+)\.ts$/.exec(port)![1]!);
      const makes = new RegExp(`(\\)|\\b)\\s*(:|implements|satisfies)\\s*(Promise<)?${name}\\b(?!\\[)`);
      const contract = port.replace(/\.ts$/, '.contract.ts');
      return files
        .filter((path) => isShipped(path) && ringOf(path) === 'edges' && !edgeOf(path)!.startsWith('ingress/'))
        .filter((path) => exportsMaker(read(path), makes))
        .filter((path) => {
          const edge = edgeOf(path);
          return !tests.some((test) => edgeOf(test) === edge && importsByTest.get(test)?.includes(contract));
        })
        .map((path) => `${path} makes ${name}`);
    });
    expect(untested).toEqual([]);
  });

  it('have at most 8 methods each', () => {
    const wide = ports.flatMap((port) =>
      [...read(port).matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)]
        .map(([, name, body]) => ({ name, methods: [...body!.matchAll(/^ {2}(?:readonly )?\w+\??\(/gm)].length }))
        .filter(({ methods }) => methods > 8)
        .map(({ name, methods }) => `${name}: ${methods}`),
    );
    // Sign-in rows and what a person's seat must be told are wider than the rule; splitting them would only hide it.
    expect(wide.filter((line) => !/^(SignInStore|ClientEnd): /.test(line))).toEqual([]);
  });
});

const pascal = (kebab: string): string => kebab.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

/** A maker is an exported function whose answer is the port, or a class that implements it. */
function exportsMaker(text: string, makes: RegExp): boolean {
  const heads = text.matchAll(/^export (?:async )?(?:function|class) [\s\S]*?\{\n/gm);
  const tails = [...heads].map(([head]) => head.slice(Math.max(head.lastIndexOf(')'), head.indexOf(' implements'))));
  return tails.some((tail) => makes.test(tail));
}

describe('files', () => {
  const sources = files.filter((path) => /^packages\/[^/]+\/(src|bin)\/.*\.(tsx?|js|css)$/.test(path));

  it('have at most 300 lines; style sheets and tests at most 500', () => {
    const limit = (path: string): number => (/\.css$|\.(test|contract)\.tsx?$/.test(path) ? 500 : 300);
    const long = sources.map((path) => ({ path, lines: read(path).split('\n').length - 1 }));
    expect(long.filter(({ path, lines }) => lines > limit(path)).map(({ path, lines }) => `${path}: ${lines}`)).toEqual(
      [],
    );
  });

  it('are named after a noun, not a drawer', () => {
    expect(sources.filter((path) => /\/(utils?|helpers?|common|types|misc|index)\.tsx?$/.test(path))).toEqual([]);
  });

  it('draw no randomness that can be guessed (V2)', () => {
    const guessable = ['Math', 'random'].join('.');
    const scripts = files.filter((path) => /\.(tsx?|mjs|js)$/.test(path));
    expect(scripts.filter((path) => read(path).includes(guessable))).toEqual([]);
  });

  it('switch off no check without a reason', () => {
    const silent = files.filter(isShipped).flatMap((path) =>
      read(path)
        .split('\n')
        .filter((line) => /@ts-(ignore|nocheck)|biome-ignore [^:]*$|biome-ignore [^:]+:\s*$/.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(silent).toEqual([]);
  });

  it('have no enums, namespaces or inheritance of our own (style, 7)', () => {
    const classes = files
      .filter(isShipped)
      .flatMap((path) =>
        [...read(path).matchAll(/^\s*(?:export )?(?:abstract )?class \w+ extends (\w+)/gm)]
          .filter(([, parent]) => parent !== 'Error' && parent !== 'Component')
          .map(([line]) => `${path}: ${line.trim()}`),
      );
    expect(classes).toEqual([]);
  });
});
