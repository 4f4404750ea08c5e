import type { EndReason, Session, TerminalSize } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/fixtures/fake-clock.js';
import type { ClientEnd, ClientHandlers } from './ports/client-end.js';
import type { TargetEnd } from './ports/target-connector.js';
import { RESIZE_MS } from './resize-gate.js';
import { createSession } from './session.js';
import { NO_HISTORY } from './session-history.js';
import type { RecordTap } from './taps/record-tap.js';

const OPTIONS = {
  resumeWindowMs: 60_000,
  idleMs: 1_800_000,
  absoluteMs: 43_200_000,
  watchNotice: 'always' as const,
  watcherGraceMs: 60_000,
};
const ROW = { id: 's', cols: 80, rows: 24 } as Session;

function person() {
  const told: string[] = [];
  let handlers: ClientHandlers | undefined;
  const note =
    (what: string) =>
    (value?: unknown): undefined => {
      told.push(value instanceof Uint8Array ? `${what} ${Buffer.from(value)}` : what);
    };
  const end: ClientEnd = {
    address: '192.0.2.7',
    start: (given) => {
      handlers = given;
    },
    step: note('step'),
    opened: note('opened'),
    output: note('output'),
    history: note('history'),
    historySize: note('size'),
    historyEnd: note('history end'),
    notice: note('notice'),
    ended: (reason: EndReason) => told.push(`ended ${reason.kind}`),
    pauseInput: note('pause'),
    resumeInput: note('resume'),
    detach: note('detach'),
  };
  return { end, told, does: () => handlers! };
}

function host() {
  const sizes: TerminalSize[] = [];
  const typed: string[] = [];
  const log: string[] = [];
  let print: (bytes: Buffer) => void = () => {};
  const end: TargetEnd = {
    start: ({ onOutput }) => {
      print = onOutput;
    },
    write: (bytes) => {
      typed.push(Buffer.from(bytes).toString());
      return true;
    },
    takeInputBack: () => 0,
    resize: (size) => sizes.push(size),
    pause: () => log.push('pause'),
    resume: () => log.push('resume'),
    close: (how) => log.push(how === undefined ? 'close' : `close ${how}`),
  };
  return { end, sizes, typed, log, print: (text: string) => print(Buffer.from(text)) };
}

function recorder(state: { failed: boolean } = { failed: false }) {
  const sizes: TerminalSize[] = [];
  let sealed = 0;
  const tap: RecordTap = {
    output: () => {},
    resize: (size) => sizes.push(size),
    mark: () => {},
    pressure: false,
    get failed() {
      return state.failed;
    },
    flush: () => (state.failed ? Promise.reject(new Error('disk')) : Promise.resolve()),
    seal: async () => {
      sealed += 1;
    },
  };
  return { tap, sizes, sealed: () => sealed };
}

function session() {
  const clock = fakeClock();
  const first = person();
  const over: string[] = [];
  let abandoned = 0;
  const made = createSession(
    ROW,
    clock,
    OPTIONS,
    {
      live: async () => {},
      over: async (state, reason) => void over.push(`${state} ${reason.kind}`),
      fault: (error) => void over.push(String(error)),
    },
    first.end,
    () => abandoned++,
    { live: () => {}, output: () => {}, resize: () => {}, ended: () => {} },
  );
  return { clock, first, over, made, abandoned: () => abandoned };
}

describe('a session', () => {
  it('S20: ended while it opens, it stops the opening and seals a recording that comes late', async () => {
    const { made, first, over, abandoned } = session();
    first.does().onClose();
    await made.end({ kind: 'shutdown' });
    expect(abandoned()).toBe(1);
    expect(over).toEqual(['ended closed-by-user']);
    const late = recorder();
    made.setRecorder(late.tap);
    expect(late.sealed()).toBe(1);
    const target = host();
    await made.goLive(target.end);
    expect(target.log).toEqual(['close']);
  });

  it('W8: is sealed and stored as over though its client end fails at the last word', async () => {
    const { made, first, over } = session();
    const tape = recorder();
    made.setRecorder(tape.tap);
    await made.goLive(host().end);
    Object.assign(first.end, {
      ended: () => {
        throw new Error('no way to the page');
      },
    });
    await made.end({ kind: 'shutdown' });
    expect(tape.sealed()).toBe(1);
    expect(over).toEqual(['Error: no way to the page', 'ended shutdown']);
  });

  it('F15: of a storm of sizes the first goes at once, the last always, and few between', async () => {
    const { made, first, clock } = session();
    const tape = recorder();
    const target = host();
    made.setRecorder(tape.tap);
    await made.goLive(target.end);
    for (let i = 1; i <= 2_000; i++) {
      first.does().onResize({ cols: 80 + (i % 50), rows: 25 + (i % 20) });
      if (i % 2 === 0) clock.advance(1);
    }
    first.does().onResize({ cols: 132, rows: 43 });
    clock.advance(RESIZE_MS);
    expect(target.sizes.at(0)).toEqual({ cols: 81, rows: 26 });
    expect(target.sizes.at(-1)).toEqual({ cols: 132, rows: 43 });
    expect(target.sizes.length).toBeLessThan(15);
    expect(tape.sizes).toEqual(target.sizes);
  });

  it('S22, F15: what is typed after a change of size meets the new size', async () => {
    const { made, first } = session();
    const target = host();
    await made.goLive(target.end);
    first.does().onResize({ cols: 90, rows: 30 });
    first.does().onResize({ cols: 91, rows: 31 });
    first.does().onInput(Buffer.from('stty size\r'));
    expect(target.sizes).toEqual([
      { cols: 90, rows: 30 },
      { cols: 91, rows: 31 },
    ]);
  });

  it('F20: what is typed while input is held never reaches the host, also after a lost page came back', async () => {
    const { made, first } = session();
    const target = host();
    await made.goLive(target.end);
    first.does().onInput(Buffer.from('ls\r'));
    made.facts.freeze({ by: 'lin', reason: 'wrong table', at: 1 });
    first.does().onInput(Buffer.from('drop\r'));
    first.does().onLost();
    const second = person();
    await made.resume(second.end, { cols: 80, rows: 24 }, undefined, NO_HISTORY);
    expect(second.told).toEqual(['notice', 'history end']);
    second.does().onInput(Buffer.from('table\r'));
    expect(made.facts.unfreeze('lin')).toBe(11);
    second.does().onInput(Buffer.from('ls\r'));
    expect(target.typed).toEqual(['ls\r', 'ls\r']);
  });

  it('a session frozen while it opens begins so, and its page is told when it is there', async () => {
    const { made, first } = session();
    made.facts.freeze({ by: 'lin', reason: 'wait', at: 1 });
    first.told.length = 0;
    const target = host();
    await made.goLive(target.end);
    first.does().onInput(Buffer.from('ls\r'));
    expect(first.told).toEqual(['notice']);
    expect(target.typed).toEqual([]);
  });

  it('X44: an end closes the target before it returns, while the disk hangs and the page takes nothing', async () => {
    const { made, clock, over } = session();
    const target = host();
    made.setRecorder({ ...recorder().tap, pressure: true, seal: () => new Promise(() => {}) });
    await made.goLive(target.end);
    target.print('x'.repeat(600_000)); // past the window
    expect(target.log).toEqual(['pause']);
    const by = { name: 'lin' } as Principal;
    const ends = Array.from({ length: 100 }, () => made.end({ kind: 'ended-by-admin', by: 'lin', reason: '' }, by));
    expect(target.log).toEqual(['pause', 'close kill']);
    target.print('late');
    expect(made.outputBytes).toBe(600_000);
    await new Promise(setImmediate); // the seal is being waited for
    clock.advance(10_000);
    await Promise.all(ends);
    expect(over).toEqual(['ended ended-by-admin']);
  });

  it('is resumed though its recording failed and its host allows that', async () => {
    const { made, first } = session();
    const state = { failed: false };
    made.setRecorder(recorder(state).tap);
    const target = host();
    await made.goLive(target.end);
    target.print('before');
    state.failed = true;
    first.does().onLost();
    const second = person();
    await made.resume(second.end, { cols: 80, rows: 24 }, undefined, NO_HISTORY);
    target.print('after');
    expect(second.told).toEqual(['history end', 'output after']);
  });

  it('lets a held target go only when the returning page is up to date', async () => {
    const { made, first } = session();
    const target = host();
    made.setRecorder(recorder().tap);
    await made.goLive(target.end);
    target.print('x'.repeat(600_000)); // past the window
    first.does().onLost();
    target.print('x'.repeat(5_000_000)); // past what is gathered for nobody
    target.log.length = 0;
    await made.resume(person().end, { cols: 80, rows: 24 }, undefined, NO_HISTORY);
    expect(target.log).toEqual(['resume']);
  });
});
