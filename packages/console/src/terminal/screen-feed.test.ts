import { CREDIT_EVERY_BYTES } from '@sallyport/core/wire/terminal-frames.js';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCredit } from './credit.js';
import { handClock } from './page-clock.fixture.js';
import { createScreenFeed } from './screen-feed.js';

const utf8 = new TextEncoder();
const parsedAll = (terminal: InstanceType<typeof xterm.Terminal>): Promise<void> =>
  new Promise((done) => terminal.write('', done));
const rowsOf = (terminal: InstanceType<typeof xterm.Terminal>): string[] => {
  const buffer = terminal.buffer.active;
  return Array.from({ length: buffer.length }, (_, row) => buffer.getLine(row)?.translateToString(true) ?? '');
};

function rig() {
  const clock = handClock();
  const credits: number[] = [];
  const sent: string[] = [];
  const terminal = new xterm.Terminal({ cols: 20, rows: 5, allowProposedApi: true });
  const feed = createScreenFeed(
    terminal,
    createCredit(clock, (bytes) => credits.push(bytes)),
  );
  terminal.onData((data) => {
    const text = feed.outgoing(data);
    if (text !== undefined) sent.push(text);
  });
  return { clock, credits, sent, terminal, feed };
}

describe('screen feed', () => {
  it('W16 F16: a character split at every position stays whole', async () => {
    const words = '中值通😀者é思';
    const bytes = utf8.encode(words);
    for (let cut = 1; cut < bytes.length; cut++) {
      const { terminal, feed } = rig();
      feed.output(bytes.subarray(0, cut));
      feed.output(bytes.subarray(cut));
      await parsedAll(terminal);
      expect(rowsOf(terminal)[0]).toBe(words);
      expect(feed.held).toBe(bytes.length);
    }
  });

  it('W16: any chunking gives the same screen, held offset and credit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.array(fc.nat(200), { maxLength: 6 }),
        async (text, cuts) => {
          const bytes = utf8.encode(text);
          const whole = rig();
          whole.feed.output(bytes);
          const parts = rig();
          const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          for (let i = 1; i < at.length; i++) parts.feed.output(bytes.subarray(at[i - 1], at[i]));
          await Promise.all([parsedAll(whole.terminal), parsedAll(parts.terminal)]);
          parts.clock.pass(1_000);
          expect(rowsOf(parts.terminal)).toEqual(rowsOf(whole.terminal));
          expect(parts.feed.held).toBe(bytes.length);
          expect(parts.credits.reduce((sum, bytes) => sum + bytes, 0)).toBe(bytes.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('credits what was parsed, not what arrived: at the mark, and the rest when idle', async () => {
    const { terminal, feed, credits, clock } = rig();
    feed.output(new Uint8Array(CREDIT_EVERY_BYTES + 10).fill(97));
    expect(credits).toEqual([]);
    await parsedAll(terminal);
    expect(credits).toEqual([CREDIT_EVERY_BYTES + 10]);
    feed.output(utf8.encode('abc'));
    await parsedAll(terminal);
    expect(credits).toHaveLength(1);
    clock.pass(1_000);
    expect(credits).toEqual([CREDIT_EVERY_BYTES + 10, 3]);
  });

  it('does not credit bytes of an older connection to a new one', async () => {
    const { terminal, feed, credits, clock } = rig();
    feed.output(utf8.encode('old'));
    feed.begin(3);
    feed.output(utf8.encode('newer'));
    await parsedAll(terminal);
    clock.pass(1_000);
    expect(credits).toEqual([5]);
    expect(feed.held).toBe(8);
  });

  it('V32: questions in history get no answer, the same questions in live output do', async () => {
    const questions = [
      '\x1b[c',
      '\x1b[>c',
      '\x1b[5n',
      '\x1b[6n',
      '\x1b[?6n',
      '\x1b[?25$p',
      '\x1b[4$p',
      '\x1bP$qm\x1b\\',
      '\x1bP$q"p\x1b\\',
      '\x1b[18t',
      '\x1b]10;?\x07',
      '\x1b]52;c;?\x07',
      '\x1b[21t',
      '\x1b[?1004h',
    ].join('');
    const { terminal, feed, sent } = rig();
    feed.history(utf8.encode(questions));
    let parsed = 0;
    feed.historyEnd(undefined, () => parsed++);
    await parsedAll(terminal);
    expect(sent).toEqual([]);
    expect(parsed).toBe(1);
    feed.output(utf8.encode(questions));
    await parsedAll(terminal);
    expect(sent.length).toBeGreaterThanOrEqual(6);
  });

  it('V32: output queued behind history is answered, a key typed meanwhile passes', async () => {
    const { terminal, feed, sent } = rig();
    feed.history(utf8.encode('\x1b[6n'));
    feed.historyEnd(undefined, () => undefined);
    feed.output(utf8.encode('\x1b[5n'));
    for (const key of ['l', '\x1b[A', '\x1bOP', '\x03', '中', '\x1bP', '\x1b[3~']) terminal.input(key);
    await parsedAll(terminal);
    expect(sent).toEqual(['l', '\x1b[A', '\x1bOP', '\x03', '中', '\x1bP', '\x1b[3~', '\x1b[0n']);
  });

  it('W17: a size inside history takes effect at its place', async () => {
    const { terminal, feed } = rig();
    feed.historySize(10, 4);
    feed.history(utf8.encode('0123456789abc\r\n'));
    feed.historySize(30, 4);
    feed.history(utf8.encode('\x1b[2J\x1b[H0123456789abc'));
    expect(feed.inHistory).toBe(true);
    let end = false;
    feed.historyEnd(undefined, () => {
      end = true;
    });
    await parsedAll(terminal);
    expect([terminal.cols, end, feed.inHistory]).toEqual([30, true, false]);
    expect(rowsOf(terminal)).toContain('0123456789abc');
  });
});
