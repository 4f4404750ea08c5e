/** The recorded screen with its controls. Made once; only its words change with the language. */

import { fromBase64url } from '@sallyport/core/evidence/base64url.js';
import { lengthText } from '@sallyport/core/model/session-length.js';
import { FIRST_PACE, SPEEDS } from '../replay/pace.js';
import { createPlayer, type PlayerView } from '../replay/player.js';
import { createReplayScreen } from '../replay/replay-screen.js';
import { keepScaled, widthInside } from '../replay/screen-scale.js';
import { createReplaySource } from '../replay/source.js';
import { pageClock } from '../terminal/page-clock.js';
import { makeTerminal } from '../terminal/xterm-options.js';
import { blobReader } from './blob-reader.js';
import type { Bundle } from './data-blocks.js';
import { el } from './dom.js';
import { pageEmulator } from './page-emulator.js';
import { decodeTools } from './tools.js';
import type { Words } from './words.js';

const STEP_MS = 5_000;
const COLUMNS = 200;

export interface Playback {
  readonly element: HTMLElement;
  speak(words: Words): void;
  begin(): void;
}

export function createPlayback({ facts, container }: Bundle): Playback {
  const terminal = makeTerminal({
    disableStdin: true,
    cursorBlink: false,
    cursorInactiveStyle: 'block',
    screenReaderMode: false,
    // Inert: a link in a recording goes nowhere.
    linkHandler: { activate: () => undefined },
  });
  const tools = decodeTools(facts.contentKey === undefined ? undefined : fromBase64url(facts.contentKey));
  const source = createReplaySource({ reader: blobReader(container, tools, pageEmulator), tools, clock: pageClock });
  let words: Words | undefined;
  let view: PlayerView = { state: 'loading', positionMs: 0, ...FIRST_PACE };
  let failed = false;

  const place = el('div', { class: 'rscreen' });
  const stage = el('div', { class: 'stage', role: 'group' }, place);
  const strip = el('div', { class: 'strip', 'aria-hidden': 'true' });
  const slider = el('input', { type: 'range', min: '0', value: '0', step: 'any', id: 'position' });
  const button = el('button', { type: 'button', class: 'play' });
  const time = el('output', { class: 'time', for: 'position' });
  const speed = el('select', {}, ...SPEEDS.map((one) => el('option', { value: String(one) }, `${one}×`)));
  const skip = el('input', { type: 'checkbox' });
  const skipText = el('span');
  const note = el('p', { class: 'note', role: 'status' });
  const help = el('p', { class: 'small' });
  speed.value = String(FIRST_PACE.speed);
  skip.checked = FIRST_PACE.skipIdle;
  const controls = el('div', { class: 'controls' }, button, time, speed, el('label', {}, skip, skipText));
  const element = el('section', { class: 'card player' }, stage, strip, slider, controls, note, help);

  const show = (): void => {
    if (words === undefined) return;
    const { state, positionMs } = view;
    button.textContent = state === 'playing' ? words.pause : state === 'ended' ? words.again : words.play;
    slider.max = String(source.durationMs);
    slider.value = String(positionMs);
    slider.setAttribute('aria-valuetext', lengthText(positionMs));
    time.textContent = `${lengthText(positionMs)} / ${lengthText(source.durationMs)}`;
    const { savedMs } = source.activity;
    skipText.textContent = savedMs > 0 ? words.skip(lengthText(savedMs)) : words.skipNone;
    const damage = source.end?.damage;
    element.dataset.state = state;
    if (failed) note.textContent = words.playFailed;
    else
      note.textContent =
        damage === undefined ? '' : words.cutHere(/encrypted/.test(damage.detail) ? words.noKey : damage.detail);
  };
  const player = createPlayer({
    source,
    screen: createReplayScreen(terminal, () => scaling.again()),
    clock: pageClock,
    pace: FIRST_PACE,
    changed(next) {
      view = next;
      show();
    },
    failed() {
      failed = true;
      show();
    },
  });
  const seek = (ms: number): void => void player.seek(Math.min(source.durationMs, Math.max(0, ms)));
  const toggle = (): void => (view.state === 'playing' ? player.pause() : player.play());
  button.addEventListener('click', toggle);
  slider.addEventListener('input', () => seek(Number(slider.value)));
  speed.addEventListener('change', () => player.setPace({ speed: Number(speed.value) }));
  skip.addEventListener('change', () => player.setPace({ skipIdle: skip.checked }));
  const keys = new Map<string, () => void>([
    [' ', toggle],
    ['ArrowLeft', () => seek(view.positionMs - STEP_MS)],
    ['ArrowRight', () => seek(view.positionMs + STEP_MS)],
    ['Home', () => seek(0)],
    ['End', () => seek(source.durationMs)],
  ]);
  document.addEventListener('keydown', (event) => {
    const { target, key } = event;
    const typing =
      target instanceof Element && target.closest('textarea:not(.xterm-helper-textarea), select, button, a');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys.get(key);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  terminal.attachCustomKeyEventHandler(() => false);
  const scaling = keepScaled(terminal, stage, place, (box, style) => ({
    width: widthInside(box, style) - 20,
    height: Math.max(240, innerHeight * 0.75),
  }));
  source.watch(() => {
    const columns = source.activity.columns(COLUMNS, source.durationMs);
    const most = Math.max(1, ...columns);
    strip.replaceChildren(
      ...Array.from(columns, (bytes) =>
        el('i', bytes === 0 ? {} : { style: `height:${Math.round(20 + 80 * Math.sqrt(bytes / most))}%` }),
      ),
    );
    show();
  });

  return {
    element,
    speak(next) {
      words = next;
      stage.setAttribute('aria-label', next.screen);
      slider.setAttribute('aria-label', next.position);
      speed.setAttribute('aria-label', next.speed);
      help.textContent = next.keys;
      show();
    },
    begin() {
      terminal.open(place);
      terminal.textarea?.setAttribute('tabindex', '-1');
      terminal.textarea?.setAttribute('inputmode', 'none');
      terminal.textarea?.setAttribute('aria-hidden', 'true');
      scaling.again();
      source.load(new AbortController().signal).catch(() => {
        failed = true;
        show();
      });
      // The last screen says most; playing begins with a press.
      void player.seek(Number.MAX_SAFE_INTEGER);
    },
  };
}
