import { decodeFrame, decodeJson, decodeSize, FRAME } from '@sallyport/core/wire/terminal-frames.js';
import { decodeScreen, WATCH_FRAME } from '@sallyport/core/wire/watch-frames.js';
import { describe, expect, it } from 'vitest';
import { describeWatcherEndContract, type Shown } from '../../../gateway/ports/watcher-end.contract.js';
import { createWebWatcherEnd } from './web-watcher-end.js';

function read(bytes: Uint8Array): Shown {
  const { type, payload } = decodeFrame(bytes)!;
  switch (type) {
    case WATCH_FRAME.WATCHING:
      return { watching: decodeJson(payload) } as unknown as Shown;
    case WATCH_FRAME.SCREEN: {
      const screen = decodeScreen(payload)!;
      return { screen: { ...screen, bytes: Uint8Array.from(screen.bytes) } };
    }
    case WATCH_FRAME.SIZE:
      return { size: decodeSize(payload)! };
    case FRAME.OUTPUT:
      return { output: Buffer.from(payload).toString('latin1') };
    case FRAME.NOTICE:
      return { notice: decodeJson(payload) } as unknown as Shown;
    case FRAME.ENDED:
      return { ended: decodeJson(payload) } as unknown as Shown;
    default:
      throw new Error(`a frame of type ${type}`);
  }
}

describeWatcherEndContract('web', () => {
  const frames: Uint8Array[] = [];
  const end = createWebWatcherEnd(3, '192.0.2.7', {
    send: (frame) => frames.push(frame),
    released: () => {},
    required: () => {},
  });
  return {
    end,
    shown: () => frames.map(read),
    credit: end.credit,
    type: () => end.refused('input'),
    resize: () => end.refused('resize'),
    leave: end.gone,
  };
});

describe('the web’s watcher end', () => {
  it('makes one frame of what goes to many', () => {
    const sent: Uint8Array[] = [];
    const ends = Array.from({ length: 3 }, () =>
      createWebWatcherEnd(1, '192.0.2.7', {
        send: (frame) => sent.push(frame),
        released: () => {},
        required: () => {},
      }),
    );
    for (const text of ['one', 'two']) {
      const bytes = Buffer.from(text);
      for (const end of ends) end.output(bytes);
    }
    expect(new Set(sent).size).toBe(2);
    expect(sent.map((frame) => Buffer.from(frame.subarray(3)).toString())).toEqual([
      ...['one', 'one', 'one', 'two', 'two', 'two'],
    ]);
  });
});
