/** A picture of a running screen shows all that was printed and changes nothing of what a snapshot says. */
import type { ScreenView } from '@sallyport/core/terminal/screen-view.js';
import { thumbnailOf } from '@sallyport/core/terminal/thumbnail.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeadlessEmulator } from './headless-emulator.js';
import { createLiveScreen } from './live-screen.js';
import { outputOfPrograms } from './terminal-bytes.fixture.js';

const SIZE = { cols: 24, rows: 7 };
const text = fc
  .array(
    fc.constantFrom('a', 'ready> ', 'e', '\u0301', '中', '😀', '\u200d', 'long words of it ', '\x1b[4h', '\x1b[4l'),
    {
      maxLength: 6,
    },
  )
  .map((words) => Buffer.from(words.join('')));
/** Also cut in the middle of characters and sequences. */
const piece = fc.oneof(
  outputOfPrograms(4).map((bytes) => Buffer.from(bytes)),
  text,
  fc.tuple(text, fc.nat(6)).map(([bytes, at]) => bytes.subarray(0, at)),
);
const looks = ({ normal, alternate, alternateShown, modes, size }: ScreenView): string =>
  JSON.stringify({ normal, alternate, alternateShown, modes, size }, (key, value: unknown) =>
    key === 'link' || key === 'saved' ? undefined : value,
  );
/** The screen of somebody who comes now. */
function joined(live: ReturnType<typeof createLiveScreen>) {
  const snapshot = live.snapshot(0);
  if (snapshot === undefined) return undefined;
  const page = createHeadlessEmulator(SIZE);
  page.restore(snapshot);
  page.write(snapshot.tail);
  return page;
}

describe('the screen of a running session', () => {
  it('W1, law: pictures in between change nothing of what somebody who comes sees, then and after', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.nat(2)), { minLength: 1, maxLength: 12 }), (steps) => {
        const [drawn, plain] = [createLiveScreen(SIZE, 0, 0), createLiveScreen(SIZE, 0, 0)];
        for (const [bytes, pictures] of steps) {
          for (const live of [drawn, plain]) live.write(bytes);
          for (let n = 0; n < pictures; n++) drawn.picture(0);
          const [one, other] = [joined(drawn), joined(plain)];
          expect(one === undefined).toBe(other === undefined);
          if (one === undefined || other === undefined) continue;
          // And with a mark that joins what was last printed.
          for (const page of [one, other]) page.write(Buffer.from('\u0301z'));
          expect(looks(one.view())).toBe(looks(other.view()));
        }
        for (const live of [drawn, plain]) live.dispose();
      }),
      { numRuns: 300, seed: 20_261_122 },
    );
  });

  it('a picture has the last character at once, and the mark that joins it later', () => {
    const live = createLiveScreen(SIZE, 0);
    const whole = createHeadlessEmulator(SIZE);
    const words = 'caf|e|\u0301| and more than a line of this screen can hold|, a|\u0301|\r\nprompt> ';
    for (const part of words.split('|')) {
      live.write(Buffer.from(part));
      whole.write(Buffer.from(part));
      expect(live.picture(7)).toEqual(thumbnailOf(whole.view(), 7));
    }
  });
});
