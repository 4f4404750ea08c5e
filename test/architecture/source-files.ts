/** The tracked and untracked (not ignored) files of the repository, and the imports of its TypeScript sources. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Paths from the root, with `/`. What git ignores (builds, caches) is not the repository. */
export const files: readonly string[] = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: 64 << 20,
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)))
  .sort();

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Sources that ship: not tests, not contract suites. */
export const isShipped = (path: string): boolean =>
  /^packages\/[^/]+\/src\/.*\.tsx?$/.test(path) && !/\.(test|contract)\.tsx?$/.test(path);

export interface Import {
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** The repository's file it means; undefined for npm and `node:` modules. */
  readonly to?: string;
  readonly typeOnly: boolean;
}

/** Every way a module names another: import, export from, import(), require(), import types, worker URLs. */
export function importsOf(path: string, text: string = read(path)): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean): void => {
    const to = resolve(path, specifier);
    found.push(to === undefined ? { from: path, specifier, typeOnly } : { from: path, specifier, to, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, isTypeOnlyClause(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, true);
    } else if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const required = ts.isIdentifier(node.expression) && node.expression.text === 'require';
      if ((dynamic || required) && first && ts.isStringLiteralLike(first)) add(first.text, false);
    } else if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'URL') {
      const [first, second] = node.arguments ?? [];
      const relative = first && ts.isStringLiteralLike(first) && /^\.{1,2}\/.*\.[jt]sx?$/.test(first.text);
      if (relative && second?.getText() === 'import.meta.url') add(first.text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

function isTypeOnlyClause(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    !clause.name &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly)
  );
}

function resolve(from: string, specifier: string): string | undefined {
  const own = /^@sallyport\/([a-z]+)\/(.+)$/.exec(specifier);
  const base = own
    ? `packages/${own[1]}/src/${own[2]}`
    : specifier.startsWith('.')
      ? normalize(join(dirname(from), specifier.replace(/\?.*$/, ''))).replaceAll('\\', '/')
      : undefined;
  if (base === undefined) return undefined;
  const bare = base.replace(/\.jsx?$/, '');
  const candidates = [base, `${bare}.ts`, `${bare}.tsx`, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`];
  return candidates.find((path) => existsSync(join(ROOT, path)) && /\.\w+$/.test(path)) ?? base;
}

/** The graph of the shipped sources: file -> its imports. */
export const graph: ReadonlyMap<string, readonly Import[]> = new Map(
  files.filter(isShipped).map((path) => [path, importsOf(path)]),
);

/** Strongly connected sets of more than one file, or a file that imports itself (Tarjan). */
export function cycles(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!edges.has(next)) continue;
      if (!index.has(next)) {
        visit(next);
        low.set(node, Math.min(low.get(node)!, low.get(next)!));
      } else if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, index.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const set = stack.splice(stack.indexOf(node));
    if (set.length > 1 || (edges.get(node) ?? []).includes(node)) found.push(set);
  };
  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return found;
}
