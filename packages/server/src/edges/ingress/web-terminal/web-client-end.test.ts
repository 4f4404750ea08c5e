import { decodeFrame, decodeJson, decodeSize, FRAME } from '@sallyport/core/wire/terminal-frames.js';
import { describe, expect, it } from 'vitest';
import { describeClientEndContract, type Seen } from '../../../gateway/ports/client-end.contract.js';
import { createWebClientEnd, STALLED_INPUT_BYTES } from './web-client-end.js';

/** A frame as the person's page reads it. */
function readFrame(frame: Uint8Array): Seen {
  const { type, terminal, payload } = decodeFrame(frame)!;
  expect(terminal).toBe(7);
  const text = (): string => Buffer.from(payload).toString('utf8');
  const json = (): never => decodeJson(payload) as never;
  switch (type) {
    case FRAME.STEP:
      return { step: json() };
    case FRAME.OPENED:
      return { opened: json() };
    case FRAME.OUTPUT:
      return { output: text() };
    case FRAME.HISTORY:
      return { history: text() };
    case FRAME.HISTORY_SIZE:
      return { historySize: decodeSize(payload)! };
    case FRAME.HISTORY_END:
      return { historyEnd: json() };
    case FRAME.NOTICE:
      return { notice: json() };
    case FRAME.ENDED:
      return { ended: json() };
    default:
      throw new Error(`a frame of type ${type}`);
  }
}

function makeEnd(side: { released?(): void; relieved?(): void } = {}) {
  const frames: Uint8Array[] = [];
  const end = createWebClientEnd(7, '192.0.2.7', {
    send: (frame) => frames.push(Uint8Array.from(frame)),
    sendPaced(frame) {
      frames.push(Uint8Array.from(frame));
      return undefined;
    },
    released: () => side.released?.(),
    relieved: () => side.relieved?.(),
  });
  return { end, frames };
}

describeClientEndContract('one terminal of a page', async () => {
  const { end, frames } = makeEnd();
  return {
    end,
    async seen(done) {
      await expect.poll(() => done(frames.map(readFrame))).toBe(true);
      return frames.map(readFrame);
    },
    type: (text) => end.input(new TextEncoder().encode(text)),
    resize: end.resized,
    credit: end.credit,
    close: end.closedByUser,
    lose: end.lost,
  };
});

describe('one terminal of a page', () => {
  it('gives its number back once, with its last frame', () => {
    let released = 0;
    const { end } = makeEnd({ released: () => released++ });
    end.ended({ kind: 'shutdown' });
    end.detach();
    expect(released).toBe(1);
  });

  it('is stalled only when much was typed while the target takes nothing, and says when that is over', () => {
    let relieved = 0;
    const { end } = makeEnd({ relieved: () => relieved++ });
    end.pauseInput();
    end.input(new Uint8Array(STALLED_INPUT_BYTES));
    expect(end.stalled).toBe(false);
    end.input(new Uint8Array(1));
    expect(end.stalled).toBe(true);
    end.resumeInput();
    expect([end.stalled, relieved]).toEqual([false, 1]);
  });

  it('tells a failure with its code and what fills the sentence', () => {
    const { end, frames } = makeEnd();
    end.ended({ kind: 'failed', code: 'target.refused', params: { address: '192.0.2.10:22' } });
    expect(frames.map(readFrame)).toEqual([
      { ended: { reason: 'failed', code: 'target.refused', params: { address: '192.0.2.10:22' } } },
    ]);
  });
});
