/**
 * What every client end must do for the session: tell in order, last word last, and hand on what the person did. `seen`
 * is what reached the person's side, in order; the person's acts come from that side too.
 */

import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { Ended, HistoryEnd, Notice, Opened, OpenStep } from '@sallyport/core/wire/terminal-frames.js';
import { describe, expect, it } from 'vitest';
import type { ClientEnd, ClientHandlers } from './client-end.js';

export type Seen =
  | { readonly step: OpenStep }
  | { readonly opened: Opened }
  | { readonly output: string }
  | { readonly history: string }
  | { readonly historySize: TerminalSize }
  | { readonly historyEnd: HistoryEnd }
  | { readonly notice: Notice }
  | { readonly ended: Ended };

export interface Person {
  readonly end: ClientEnd;
  /** Resolves when `done` holds for what was seen; neighbouring outputs may have been joined. */
  seen(done: (all: readonly Seen[]) => boolean): Promise<readonly Seen[]>;
  type(text: string): void;
  resize(size: TerminalSize): void;
  credit(bytes: number): void;
  close(): void;
  lose(): void;
}

const OPENED: Opened = {
  sessionId: '0'.repeat(26),
  hostName: 'web-01',
  login: 'root',
  resumed: false,
  recorded: true,
  offset: 0,
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const outputOf = (all: readonly Seen[]): string => all.map((one) => ('output' in one ? one.output : '')).join('');
const over = (all: readonly Seen[]): boolean => all.some((one) => 'ended' in one);

function noting(): { readonly acts: string[]; readonly handlers: ClientHandlers } {
  const acts: string[] = [];
  return {
    acts,
    handlers: {
      onInput: (input) => acts.push(`input ${new TextDecoder().decode(input)}`),
      onResize: ({ cols, rows }) => acts.push(`resize ${cols}x${rows}`),
      onCredit: (count) => acts.push(`credit ${count}`),
      onClose: () => acts.push('close'),
      onLost: () => acts.push('lost'),
    },
  };
}

export function describeClientEndContract(name: string, make: () => Promise<Person>): void {
  describe(`client end: ${name}`, () => {
    it('names the address the person comes from', async () => {
      expect((await make()).end.address).not.toBe('');
    });

    it('tells everything in the order it was told', async () => {
      const person = await make();
      const { end } = person;
      end.start(noting().handlers);
      end.step({ step: 'policy', state: 'ok', ms: 1 });
      end.opened(OPENED);
      end.historySize({ cols: 100, rows: 30 });
      await end.history(bytes('old'));
      end.historyEnd({ offset: 3, partial: false });
      end.output(bytes('new'));
      end.notice({ kind: 'unrecorded' });
      end.ended({ kind: 'shutdown' });
      const all = await person.seen(over);
      expect(all).toEqual([
        { step: { step: 'policy', state: 'ok', ms: 1 } },
        { opened: OPENED },
        { historySize: { cols: 100, rows: 30 } },
        { history: 'old' },
        { historyEnd: { offset: 3, partial: false } },
        { output: 'new' },
        { notice: { kind: 'unrecorded' } },
        { ended: { reason: 'shutdown' } },
      ]);
    });

    it('loses no byte of a burst, and sends what it gathered before its last word', async () => {
      const person = await make();
      person.end.start(noting().handlers);
      const lines = Array.from({ length: 500 }, (_, line) => `line ${line} ${'·'.repeat(line % 90)}\r\n`);
      for (const line of lines) person.end.output(bytes(line));
      person.end.ended({ kind: 'remote-exit', exitCode: 3 });
      const all = await person.seen(over);
      expect(outputOf(all)).toBe(lines.join(''));
      expect(all.at(-1)).toEqual({ ended: { reason: 'remote-exit', exitCode: 3 } });
    });

    it('hands on what the person does, in order', async () => {
      const person = await make();
      const { acts, handlers } = noting();
      person.end.start(handlers);
      person.type('ls\r');
      person.resize({ cols: 132, rows: 43 });
      person.credit(4096);
      person.type('你好');
      person.close();
      await expect.poll(() => acts).toEqual(['input ls\r', 'resize 132x43', 'credit 4096', 'input 你好', 'close']);
    });

    it('tells a lost connection once, and nothing after it (S20)', async () => {
      const person = await make();
      const { acts, handlers } = noting();
      person.end.start(handlers);
      person.lose();
      await expect.poll(() => acts).toEqual(['lost']);
      person.end.output(bytes('to nobody'));
      person.end.ended({ kind: 'client-lost' });
      expect(acts).toEqual(['lost']);
    });

    it('accepts nothing after its last word', async () => {
      const person = await make();
      const { acts, handlers } = noting();
      person.end.start(handlers);
      person.end.ended({ kind: 'closed-by-user' });
      person.end.output(bytes('late'));
      person.end.ended({ kind: 'shutdown' });
      person.type('late');
      const all = await person.seen(over);
      expect(all).toEqual([{ ended: { reason: 'closed-by-user' } }]);
      expect(acts).toEqual([]);
    });

    it('lets go without an end of the session when another page took it over', async () => {
      const person = await make();
      person.end.start(noting().handlers);
      person.end.output(bytes('mine'));
      person.end.detach();
      person.end.output(bytes('theirs'));
      const all = await person.seen(over);
      expect(outputOf(all)).toBe('mine');
      expect(all.at(-1)).toEqual({ ended: { reason: 'taken-over' } });
    });
  });
}
