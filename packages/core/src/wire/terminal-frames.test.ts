import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFrame,
  decodeJson,
  decodeNumber,
  decodeSize,
  encodeFrame,
  encodeJsonFrame,
  encodeNumberFrame,
  encodeSizeFrame,
  FRAME,
} from './terminal-frames.js';

describe('terminal frames', () => {
  it('law: decode after encode is the same, for any bytes (bytes stay bytes)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(FRAME)),
        fc.nat(0xffff),
        fc.uint8Array(),
        (type, terminal, payload) => {
          const frame = decodeFrame(encodeFrame(type, terminal, payload))!;
          expect([frame.type, frame.terminal, [...frame.payload]]).toEqual([type, terminal, [...payload]]);
        },
      ),
    );
  });

  it('S22: numbers and sizes survive the way', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff), fc.nat(0xffffffff), (cols, rows, value) => {
        expect(decodeSize(decodeFrame(encodeSizeFrame(FRAME.RESIZE, 1, cols, rows))!.payload)).toEqual({ cols, rows });
        expect(decodeNumber(decodeFrame(encodeNumberFrame(FRAME.CREDIT, 1, value))!.payload)).toBe(value);
      }),
    );
  });

  it('F13: decoders answer undefined, never throw, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (garbage) => {
        decodeFrame(garbage);
        decodeNumber(garbage);
        decodeSize(garbage);
        decodeJson(garbage);
      }),
    );
  });

  it('V44: keys that reach a prototype are refused at any depth', () => {
    for (const text of [
      '{"__proto__":{"a":1}}',
      '{"a":{"constructor":1}}',
      '{"a":[{"prototype":1}]}',
      '[]',
      '1',
      'null',
      '{',
    ]) {
      expect(decodeJson(new TextEncoder().encode(text))).toBeUndefined();
    }
    expect(({} as Record<string, unknown>).a).toBeUndefined();
    expect(decodeJson(decodeFrame(encodeJsonFrame(FRAME.OPEN, 7, { ticket: 't' }))!.payload)).toEqual({ ticket: 't' });
  });
});
