/** The few things the document tests ask of Markdown: fences, code spans, headings, links. Fenced blocks are not prose. */
export interface Fence {
  readonly language: string;
  readonly body: string;
}
const FENCE = /^( *)```([\w-]*)[^\n]*\n([\s\S]*?)^\1```[ \t]*$/gm;

export const fences = (text: string): readonly Fence[] =>
  [...text.matchAll(FENCE)].map(([, , language = '', body = '']) => ({ language, body }));

export const prose = (text: string): string => text.replace(FENCE, '');

export const codeSpans = (text: string): readonly string[] =>
  [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span.trim());

export const links = (text: string): readonly string[] =>
  [...prose(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => decodeURI(target));

export interface Heading {
  readonly level: number;
  readonly text: string;
  /** As the usual viewers make it. */
  readonly slug: string;
}
export const headings = (text: string): readonly Heading[] =>
  [...prose(text).matchAll(/^(#{1,6}) +(.+?) *$/gm)].map(([, marks = '', title = '']) => ({
    level: marks.length,
    text: title,
    slug: title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  }));
