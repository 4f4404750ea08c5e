/**
 * A recording as one SVG that moves: no script, nothing from elsewhere, any browser or picture viewer of one. Each row of
 * the screen is a strip of all it ever showed, moved up and down behind a slit by its own keyframes; what did not change
 * costs nothing, and what comes back is on the strip already. Without animation (print, reduced motion) it shows the last
 * screen.
 * Rival: one group per frame, moved as a film. Every frame then holds every row: ten times the size.
 * Limits: no blinking, no links, one theme; MAX_SVG_CHARACTERS, beyond which `full` says so.
 */
import { BACKGROUND, CURSOR, FOREGROUND, ofPalette } from './colours.js';
import type { ScreenView } from './screen-view.js';
import { CELL_WIDTH, escapeXml, LINE_STYLES, ROW_HEIGHT, svgRow } from './svg-row.js';

/** What a page or a chat still shows without ado. */
export const MAX_SVG_CHARACTERS = 4 * 1024 * 1024;
/** Longer pauses are shortened to this, as in the replay. */
export const IDLE_CAP_MS = 2_000;
/** The last screen stays so long before it begins again. */
const HOLD_MS = 3_000;
const PADDING = 10;
/** From slot to slot of a strip: glyphs reach past their row, and must not be seen from the next. */
const STRIDE = 2 * ROW_HEIGHT;
/** Of one keyframe, about. */
const STEP_CHARACTERS = 48;

interface Strip {
  /** Markup of each slot; slot 0 is empty. */
  readonly slots: Map<string, number>;
  readonly steps: { readonly atMs: number; readonly slot: number }[];
}

export class SvgFilm {
  /** Nothing more is taken. */
  full = false;
  private readonly strips: Strip[] = [];
  private readonly cursor: { readonly atMs: number; readonly at: string }[] = [];
  private readonly title: string;
  private cols = 1;
  private characters = 0;
  private realMs = 0;
  private shownMs = 0;
  private background = BACKGROUND;

  constructor(title: string) {
    this.title = title;
  }

  /** The screen from this moment on. Moments rise. */
  frame(atMs: number, view: ScreenView): void {
    if (this.full) return;
    this.shownMs += Math.min(IDLE_CAP_MS, Math.max(0, atMs - this.realMs));
    this.realMs = atMs;
    this.cols = Math.max(this.cols, view.size.cols);
    if (view.palette.has(257)) this.background = ofPalette(257, view.palette);
    const { rows, cursor } = view.alternateShown ? view.alternate : view.normal;
    while (this.strips.length < rows.length) this.strips.push({ slots: new Map([['', 0]]), steps: [] });
    for (const [y, strip] of this.strips.entries()) {
      const row = rows[y];
      this.show(strip, row === undefined ? '' : svgRow(row, view.palette));
    }
    const at = view.modes.cursorHidden ? 'hidden' : `${Math.min(cursor.x, view.size.cols - 1)} ${cursor.y}`;
    if (this.cursor.at(-1)?.at !== at) {
      this.cursor.push({ atMs: this.shownMs, at });
      this.characters += STEP_CHARACTERS;
    }
    this.full = this.characters > MAX_SVG_CHARACTERS;
  }

  /** The first moment of what is shown is 0. */
  begin(atMs: number): void {
    this.realMs = atMs;
  }

  finish(endMs: number): string {
    const lengthMs = this.shownMs + Math.min(IDLE_CAP_MS, Math.max(0, endMs - this.realMs)) + HOLD_MS;
    const percent = (ms: number): string => `${Math.round((ms / lengthMs) * 1e6) / 1e4}%`;
    const width = Math.ceil(this.cols * CELL_WIDTH + 2 * PADDING);
    const height = this.strips.length * ROW_HEIGHT + 2 * PADDING;
    const css: string[] = [
      `text{white-space:pre;direction:ltr;unicode-bidi:bidi-override}`,
      `.b{font-weight:bold}.i{font-style:italic}.d{opacity:.6}${LINE_STYLES}`,
      `.a{animation-duration:${lengthMs / 1000}s;animation-timing-function:step-end;animation-iteration-count:infinite}`,
      '@media (prefers-reduced-motion:reduce){.a{animation:none!important}}',
    ];
    const rows = this.strips.map((strip, y) => {
      const last = strip.steps.at(-1);
      const slots = [...strip.slots].filter(([markup]) => markup !== '');
      if (last === undefined || slots.length === 0) return '';
      const moving = strip.steps.length > 1;
      if (moving)
        css.push(
          keyframes(
            `r${y}`,
            strip.steps.map((step) => [percent(step.atMs), up(step.slot)]),
          ),
        );
      css.push(`#r${y}{transform:${up(last.slot)}${moving ? `;animation-name:r${y}` : ''}}`);
      const inside = slots.map(([markup, slot]) => `<g transform="translate(0 ${slot * STRIDE})">${markup}</g>`);
      const top = PADDING + y * ROW_HEIGHT;
      const slit = `<svg x="${PADDING}" y="${top}" width="${width - PADDING}" height="${ROW_HEIGHT}">`;
      return `${slit}<g id="r${y}"${moving ? ' class="a"' : ''}>${inside.join('')}</g></svg>`;
    });
    const steps = this.cursor.map(({ atMs, at }): [string, string] => [percent(atMs), place(at)]);
    if (steps.length > 1) css.push(keyframes('c', steps));
    css.push(`#c{transform:${place(this.cursor.at(-1)?.at ?? 'hidden')};animation-name:c}`);
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" `,
      `xml:space="preserve" font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono CJK SC',monospace" `,
      `font-size="14" fill="${FOREGROUND}"><title>${escapeXml(this.title)}</title><style>${css.join('')}</style>`,
      `<rect width="${width}" height="${height}" rx="6" fill="${this.background}"/>${rows.join('')}`,
      `<rect id="c" class="a" x="${PADDING}" y="${PADDING}" width="${CELL_WIDTH}" height="${ROW_HEIGHT}" `,
      `fill="${CURSOR}" opacity=".6"/></svg>\n`,
    ].join('');
  }

  private show(strip: Strip, markup: string): void {
    let slot = strip.slots.get(markup);
    if (slot === undefined) {
      slot = strip.slots.size;
      strip.slots.set(markup, slot);
      this.characters += markup.length + STEP_CHARACTERS;
    }
    if (strip.steps.at(-1)?.slot === slot) return;
    // A row that the screen only has since now.
    if (strip.steps.length === 0 && this.shownMs > 0) strip.steps.push({ atMs: 0, slot: 0 });
    strip.steps.push({ atMs: this.shownMs, slot });
    this.characters += STEP_CHARACTERS;
  }
}

const up = (slot: number): string => `translateY(${-slot * STRIDE}px)`;
function place(at: string): string {
  if (at === 'hidden') return 'scale(0)';
  const [x = 0, y = 0] = at.split(' ').map(Number);
  return `translate(${Math.round(x * CELL_WIDTH * 100) / 100}px,${y * ROW_HEIGHT}px)`;
}
function keyframes(name: string, steps: readonly (readonly [string, string])[]): string {
  const seen = new Map(steps); // of two at one moment the later counts
  const first = steps[0]![1];
  if (!seen.has('0%')) seen.set('0%', first);
  return `@keyframes ${name}{${[...seen].map(([at, transform]) => `${at}{transform:${transform}}`).join('')}}`;
}
