/** What every home of screens must do. `look` shows a snapshot's text as another emulator draws it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlacedSnapshot, Screens } from './screens.js';

export interface ScreensUnderTest {
  readonly screens: Screens;
  look(snapshot: PlacedSnapshot): string;
}
export function describeScreensContract(name: string, make: () => Promise<ScreensUnderTest>): void {
  const utf8 = new TextEncoder();
  describe(`screens: ${name}`, () => {
    let under: ScreensUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.screens.close());

    it('X18: snapshot, tail and what follows are the screen; sizes hold in their place', async () => {
      const screen = under.screens.open({ cols: 10, rows: 3 }, { offset: 1_000 });
      screen.write(utf8.encode('hello\r\n'));
      screen.resize({ cols: 20, rows: 4 });
      screen.write(utf8.encode('wide enough now\r\nand te'));
      const snapshot = (await screen.snapshot())!;
      expect(snapshot.size).toEqual({ cols: 20, rows: 4 });
      expect(snapshot.offset).toBe(1_000 + 7 + 17);
      expect(Buffer.from(snapshot.tail).toString()).toBe('and te');
      expect(under.look(snapshot)).toBe('hello|wide enough now|and te');
      screen.close();
      await expect(screen.snapshot()).rejects.toThrow();
    });

    it('a snapshot never stands inside a sequence or a character', async () => {
      const screen = under.screens.open({ cols: 10, rows: 2 });
      const bytes = utf8.encode('\x1b[31mr\x1b]0;title\x07\x1b[1');
      screen.write(bytes);
      screen.write(utf8.encode('中').subarray(0, 2));
      const snapshot = (await screen.snapshot())!;
      expect(snapshot.offset).toBe(bytes.length - 3);
      expect(snapshot.tail).toHaveLength(5);
    });

    it('tells what is not parsed yet, and a string without an end holds nothing up', async () => {
      const screen = under.screens.open({ cols: 80, rows: 24 });
      screen.write(Buffer.concat([utf8.encode('\x1b]0;'), Buffer.alloc(300_000, 'x')]));
      expect(screen.unparsed).toBe(300_004);
      await screen.settled();
      expect(screen.unparsed).toBe(0);
      expect(await screen.snapshot()).toBeUndefined();
      screen.write(utf8.encode('\x07after\r\n'));
      expect(under.look((await screen.snapshot())!)).toBe('after');
    });

    it('screens are apart from each other', async () => {
      const all = Array.from({ length: 6 }, () => under.screens.open({ cols: 10, rows: 2 }));
      all.forEach((screen, n) => {
        screen.write(utf8.encode(`no ${n}\r\n`));
      });
      const shown = await Promise.all(all.map(async (screen) => under.look((await screen.snapshot())!)));
      expect(shown).toEqual(all.map((_, n) => `no ${n}`));
    });

    it('what is no recording has no table', async () => {
      const draft = under.screens.index();
      expect(await draft.add(utf8.encode('this is no recording, not even a preamble'))).toBe(false);
      expect(await draft.table()).toBeUndefined();
      expect(await draft.file(3, new Uint8Array(32))).toBeUndefined();
      draft.close();
    });
  });
}
