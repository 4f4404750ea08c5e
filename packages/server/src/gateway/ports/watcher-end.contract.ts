/** What every watcher end must do: hand on what it is told in order, the last word last, and what the person did. */
import type { Ended, Notice } from '@sallyport/core/wire/terminal-frames.js';
import type { ScreenFrame, Watching } from '@sallyport/core/wire/watch-frames.js';
import { describe, expect, it } from 'vitest';
import type { WatcherEnd } from './watcher-end.js';

export type Shown =
  | { readonly watching: Watching }
  | { readonly screen: ScreenFrame }
  | { readonly size: { readonly cols: number; readonly rows: number } }
  | { readonly output: string }
  | { readonly notice: Notice }
  | { readonly ended: Ended };

export interface Onlooker {
  readonly end: WatcherEnd;
  /** What reached the person, in order. */
  shown(): readonly Shown[];
  credit(bytes: number): void;
  type(): void;
  resize(): void;
  leave(): void;
}

const WATCHING: Watching = {
  sessionId: '0'.repeat(26),
  ...{ userName: 'lin', hostName: 'web-01', login: 'root', sourceAddress: '192.0.2.7', liveAt: 1 },
  ...{ notice: 'always', watchers: ['赵敏'], recorded: true, frozen: { by: '赵敏', reason: '核查', at: 2 } },
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const SCREEN: ScreenFrame = {
  scrollback: 9,
  cols: 80,
  rows: 24,
  offset: 2 ** 40 + 1,
  bytes: bytes('\u001b[2J\u001b[1;31m屏幕'),
};

export function describeWatcherEndContract(name: string, make: () => Onlooker): void {
  describe(`watcher end: ${name}`, () => {
    it('S24, S31: shows facts, screen, sizes, bytes, notices and the end in their order, every byte as it was', () => {
      const { end, shown } = make();
      end.start({ onCredit: () => {}, onRefused: () => {}, onGone: () => {} });
      end.watching(WATCHING);
      end.screen(SCREEN);
      end.size({ cols: 132, rows: 43 });
      end.output(Uint8Array.of(0xff, 0x00, 0xc3));
      end.notice({ kind: 'resynchronised', skippedBytes: 5 });
      end.ended({ kind: 'ended-by-admin', by: '赵敏', reason: '到此为止' });
      expect(shown()).toEqual([
        { watching: WATCHING },
        { screen: SCREEN },
        { size: { cols: 132, rows: 43 } },
        { output: Buffer.from([0xff, 0x00, 0xc3]).toString('latin1') },
        { notice: { kind: 'resynchronised', skippedBytes: 5 } },
        { ended: { reason: 'ended-by-admin', params: { by: '赵敏', reason: '到此为止' } } },
      ]);
    });

    it('S31, V48: hands on credit and leaving; of typing and sizes only that they were tried', () => {
      const { end, credit, type, resize, leave } = make();
      const acts: string[] = [];
      end.start({
        onCredit: (count) => acts.push(`credit ${count}`),
        onRefused: (what) => acts.push(`refused ${what}`),
        onGone: () => acts.push('gone'),
      });
      credit(70_000);
      type();
      resize();
      leave();
      leave();
      expect(acts).toEqual(['credit 70000', 'refused input', 'refused resize', 'gone']);
    });

    it('after the last word nothing is shown; who was gone before the start is told to be', () => {
      const first = make();
      first.end.start({ onCredit: () => {}, onRefused: () => {}, onGone: () => {} });
      first.end.ended({ kind: 'shutdown' });
      first.end.output(bytes('late'));
      first.end.ended({ kind: 'client-lost' });
      expect(first.shown()).toEqual([{ ended: { reason: 'shutdown' } }]);
      const second = make();
      second.leave();
      let gone = 0;
      second.end.start({ onCredit: () => {}, onRefused: () => {}, onGone: () => gone++ });
      expect(gone).toBe(1);
    });
  });
}
