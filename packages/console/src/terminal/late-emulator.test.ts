import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import type { createEmulator, Emulator, EmulatorHooks } from './emulator.js';
import { createLateEmulator } from './late-emulator.js';

const WINDOW = { cols: 30, rows: 6 };

/** The emulator without a page: the same parser, no fonts. */
function headless(done: string[]) {
  const terminal = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  const create: typeof createEmulator = () => {
    done.push('made');
    const made: Emulator = {
      attach: () => {
        done.push('attached');
        return () => void done.push('detached');
      },
      write: (data, parsed) => terminal.write(data, parsed),
      resize: (cols, rows) => {
        done.push(`size ${cols}x${rows}`);
        terminal.resize(cols, rows);
      },
      reset: () => terminal.reset(),
      fit: () => WINDOW,
      focus: () => void done.push('focused'),
      input: (data) => terminal.input(data),
      paste: () => undefined,
      search: () => Promise.reject(new Error('no page')),
      label: (text) => void done.push(`label ${text}`),
      dispose: () => void done.push('disposed'),
      modes: { applicationCursorKeys: false, alternateScreen: false, scrolled: true },
    };
    return made;
  };
  const rows = (): string[] =>
    Array.from(
      { length: terminal.rows },
      (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '',
    );
  return { create, rows, terminal };
}

function rig() {
  const done: string[] = [];
  const real = headless(done);
  let arrive: () => void = () => undefined;
  let fail: () => void = () => undefined;
  let loads = 0;
  const hooks = {
    resized: ({ cols, rows }) => {
      done.push('measured');
      emulator.resize(cols, rows);
    },
  } as Partial<EmulatorHooks> as EmulatorHooks;
  const emulator: Emulator = createLateEmulator(
    {
      code: () => {
        loads++;
        return new Promise((resolve, reject) => {
          arrive = () => resolve(real.create);
          fail = () => reject(new Error('no network'));
        });
      },
      likelySize: () => ({ cols: 100, rows: 30 }),
    },
    hooks,
  );
  return { ...real, emulator, done, arrive: () => arrive(), fail: () => fail(), loads: () => loads };
}
const place = {} as HTMLElement;

describe('an emulator before its code is here', () => {
  it('what came meanwhile is drawn in order, after the pane was measured and at that size', async () => {
    const { emulator, done, rows, arrive } = rig();
    expect(emulator.fit()).toEqual({ cols: 100, rows: 30 });
    emulator.resize(100, 30);
    const parsed: string[] = [];
    emulator.write('one ', () => parsed.push('one'));
    emulator.write('two', () => parsed.push('two'));
    emulator.label('web-01');
    emulator.attach(place);
    emulator.focus();
    expect(emulator.modes.scrolled).toBe(false);
    arrive();
    await expect.poll(() => parsed).toEqual(['one', 'two']);
    expect(rows()[0]).toBe('one two');
    expect(done).toEqual(['made', 'size 100x30', 'attached', 'measured', 'size 30x6', 'label web-01', 'focused']);
    expect(emulator.fit()).toEqual(WINDOW);
    expect(emulator.modes.scrolled).toBe(true);
    emulator.write('!', () => parsed.push('!'));
    await expect.poll(() => parsed.at(-1)).toBe('!');
    expect(rows()[0]).toBe('one two!');
  });

  it('bytes are not taken for parsed while they wait, so the gateway stops at its window', async () => {
    const { emulator } = rig();
    let parsed = false;
    emulator.write(new Uint8Array(1000), () => {
      parsed = true;
    });
    await Promise.resolve();
    expect(parsed).toBe(false);
  });

  it('a pane behind another tab is made at its first byte, at the likely size', async () => {
    const { emulator, done, terminal, arrive, loads } = rig();
    emulator.resize(100, 30);
    expect(loads()).toBe(0);
    emulator.write('x');
    expect(loads()).toBe(1);
    arrive();
    await expect.poll(() => done).toEqual(['made', 'size 100x30']);
    expect([terminal.cols, terminal.rows]).toEqual([100, 30]);
    const detach = emulator.attach(place);
    detach();
    expect(done.slice(2)).toEqual(['attached', 'detached']);
  });

  it('a pane that went away while it waited is not put back', async () => {
    const { emulator, done, arrive } = rig();
    emulator.attach(place)();
    arrive();
    await expect.poll(() => done).toEqual(['made']);
    const closed = rig();
    closed.emulator.attach(place);
    closed.emulator.dispose();
    closed.arrive();
    await new Promise((resolve) => setTimeout(resolve));
    expect(closed.done).toEqual([]);
  });

  it('code that could not be fetched is asked for again, and nothing that waits is lost', async () => {
    const { emulator, rows, arrive, fail, loads } = rig();
    emulator.write('kept');
    fail();
    await new Promise((resolve) => setTimeout(resolve));
    emulator.attach(place);
    expect(loads()).toBe(2);
    arrive();
    await expect.poll(() => rows()[0]).toBe('kept');
  });
});
