/** The documents say what is true: paths and codes they name exist, both README keep step, generated pages are fresh. */
import { execFileSync } from 'node:child_process';
import { dirname, join, normalize } from 'node:path';
import { AUDIT_ACTIONS } from '@sallyport/core/model/audit.js';
import { PROBLEMS } from '@sallyport/core/model/problem.js';
import { OPERATIONS } from '@sallyport/core/model/role.js';
import { describe, expect, it } from 'vitest';
import { codeSpans, fences, headings, links, prose } from './architecture/markdown.js';
import { files, ROOT, read } from './architecture/source-files.js';

const documents = files.filter((path) => path.endsWith('.md'));
const adrs = documents.filter((path) => /^docs\/adr\/\d{4}-/.test(path));

/** A path may be named from the root or from one of the rings' folders, as ARCHITECTURE.md does. */
const BASES = ['', 'packages/server/src', 'packages/core/src', 'packages/console/src', 'packages/cli/src', 'packages'];
const known = new Set(files.flatMap((path) => parents(path)));

function parents(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** A code span that means a place in the repository: it starts with one of its folders, or names a file with a suffix. */
function meansPath(span: string): boolean {
  if (span.startsWith('./') || span.startsWith('../')) return false; // somebody's working directory, as in commands
  if (!/^[\w.@-]+(\/[\w.@*{},-]+)*\/?$/.test(span)) return false;
  const first = span.split('/')[0]!;
  const inFolder = span.includes('/') && BASES.some((base) => known.has(join(base, first)));
  const suffix = /^(?!.*\/)[\w-]+(\.\w+)*\.(ts|tsx|mjs|md)$/.test(span);
  return inFolder || suffix;
}

function exists(span: string, document: string): boolean {
  const choices = /\{([^}]+)\}/.exec(span);
  if (choices) return choices[1]!.split(',').every((one) => exists(span.replace(choices[0], one), document));
  const clean = span.replace(/\/$/, '');
  const found = [...BASES, dirname(document)].some((base) => {
    const path = normalize(join(base, clean));
    if (!path.includes('*')) return known.has(path);
    const pattern = new RegExp(`^${path.split('*').map(literally).join('[^/]*')}$`);
    return [...known].some((one) => pattern.test(one));
  });
  return found || (!clean.includes('/') && files.some((path) => path.endsWith(`/${clean}`)));
}
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('documents', () => {
  it.each(documents)('%s names only paths that exist', (document) => {
    const spans = codeSpans(read(document)).filter(meansPath);
    expect(spans.filter((span) => !exists(span, document))).toEqual([]);
  });

  it.each(documents)('%s links only to files and headings that exist', (document) => {
    const broken = links(read(document)).filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : normalize(join(dirname(document), path)).replace(/\/$/, '');
      if (!known.has(target)) return true;
      return anchor !== undefined && !headings(read(target)).some(({ slug }) => slug === anchor);
    });
    expect(broken).toEqual([]);
  });

  it('name only codes, audit actions and operations that exist', () => {
    const codes = new Set<string>([...Object.keys(PROBLEMS), ...AUDIT_ACTIONS, ...OPERATIONS]);
    const families = new Set([...codes].filter((code) => code.includes('.')).map((code) => code.split('.')[0]!));
    const unknown = documents.flatMap((document) =>
      codeSpans(read(document))
        .filter((span) => /^[a-z-]+\.[a-z-]+$/.test(span) && families.has(span.split('.')[0]!))
        .filter((span) => !codes.has(span) && !/\.(ts|md|mjs|js|json|test)$/.test(span))
        .map((span) => `${document}: ${span}`),
    );
    expect(unknown).toEqual([]);
  });

  it('speak of the product, not of who wrote it', () => {
    const words = /\b(TODO|FIXME|lorem ipsum)\b/i;
    expect(documents.filter((document) => words.test(prose(read(document))))).toEqual([]);
  });
});

describe('README.md and README.zh-CN.md', () => {
  const en = read('README.md');
  const zh = read('README.zh-CN.md');

  it('have the same headings, tables and links', () => {
    expect(headings(zh).map(({ level }) => level)).toEqual(headings(en).map(({ level }) => level));
    const rows = (text: string): number => text.split('\n').filter((line) => line.startsWith('|')).length;
    expect(rows(zh)).toBe(rows(en));
    const targets = (text: string): readonly string[] =>
      links(text)
        .filter((link) => !link.startsWith('README'))
        .sort();
    expect(targets(zh)).toEqual(targets(en));
  });

  it('have the same commands and code words', () => {
    const commands = (text: string): readonly string[] =>
      fences(text).map(({ language, body }) => `${language}\n${body.replace(/^\s*#.*$|\s+#.*$/gm, '')}`);
    expect(commands(zh)).toEqual(commands(en));
    expect([...new Set(codeSpans(zh))].sort()).toEqual([...new Set(codeSpans(en))].sort());
  });

  it('point to each other', () => {
    expect(links(en)).toContain('README.zh-CN.md');
    expect(links(zh)).toContain('README.md');
  });
});

describe('the house’s own rules for documents', () => {
  it('ARCHITECTURE.md has at most 250 lines', () => {
    expect(read('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(250);
  });

  it('decisions are numbered without a gap, under a page, and say context, decision and consequences', () => {
    expect(adrs.map((path) => Number(path.slice(9, 13)))).toEqual(adrs.map((_, index) => index + 1));
    for (const path of adrs) {
      const text = read(path);
      if (!/^# 0011/m.test(text)) expect(text.split('\n').length, path).toBeLessThanOrEqual(60);
      expect(text, path).toMatch(new RegExp(`^# ${path.slice(9, 13)}[. ]`));
      expect(headings(text).map(({ text: title }) => title)).toEqual(
        expect.arrayContaining(['Context', 'Decision', 'Consequences']),
      );
    }
  });

  it('every code of the table of errors is explained in docs/operate/errors.md', () => {
    const page = read('docs/operate/errors.md');
    expect(Object.keys(PROBLEMS).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it('every noun of the glossary has its Chinese word', () => {
    const rows = read('GLOSSARY.md')
      .split('\n')
      .filter((line) => /^\| \*\*/.test(line));
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((line) => !/\p{Script=Han}/u.test(line.split('|')[2] ?? ''))).toEqual([]);
  });

  it('generated pages are fresh', () => {
    execFileSync(process.execPath, ['scripts/docs.mjs', '--check'], { cwd: ROOT, stdio: 'pipe' });
  });
});
