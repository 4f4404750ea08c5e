/** The scanner against the emulator it speaks for. */
import { createGroundScanner } from '@sallyport/core/terminal/ground-scanner.js';
import { createWholeCharacters } from '@sallyport/core/terminal/whole-characters.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeadlessEmulator } from './headless-emulator.js';
import { bytesOfTerminals } from './terminal-bytes.fixture.js';

const SIZE = { cols: 20, rows: 5 };

describe('ground scanner', () => {
  it('law (F16): agrees with the emulator after every byte', () => {
    fc.assert(
      fc.property(bytesOfTerminals(40), (bytes) => {
        const scanner = createGroundScanner();
        const { insides } = createHeadlessEmulator(SIZE, 0);
        const { _parser: parser } = insides._inputHandler;
        const whole = createWholeCharacters();
        let given = 0;
        for (let at = 0; at < bytes.length; at++) {
          const one = bytes.subarray(at, at + 1);
          const before = scanner.safe;
          const found = scanner.push(one);
          if (found !== (scanner.safe ? 1 : -1)) expect(found).toBe(scanner.safe);
          const ready = whole.take(one);
          given += ready.length;
          insides.writeSync(ready);
          const ground = parser.currentState === 0 && given === at + 1;
          if (scanner.ground !== ground) expect([...bytes.subarray(0, at + 1)]).toBe(`ground ${ground}`);
          if (scanner.safe && !before && parser.precedingJoinState !== 0) expect(at).toBe('joinable');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('law: any pieces give the same safe points', () => {
    fc.assert(
      fc.property(bytesOfTerminals(40), fc.array(fc.integer({ min: 1, max: 9 })), (bytes, lengths) => {
        const whole = createGroundScanner().push(bytes);
        const scanner = createGroundScanner();
        let at = 0;
        let safe = -1;
        for (const length of [...lengths, bytes.length]) {
          const found = scanner.push(bytes.subarray(at, at + length));
          if (found >= 0) safe = at + found;
          at = Math.min(bytes.length, at + length);
        }
        expect(safe).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('is unsafe after text, where a combining mark may follow, and safe after the next control', () => {
    const scanner = createGroundScanner();
    const text = new TextEncoder();
    expect(scanner.push(text.encode('e'))).toBe(-1);
    expect(scanner.ground).toBe(true);
    expect(scanner.push(text.encode('\u0301\r'))).toBe(3);
    expect(scanner.push(text.encode('\x1b]0;title'))).toBe(-1);
    expect(scanner.ground).toBe(false);
    expect(scanner.push(text.encode('\x07\x1b[3'))).toBe(1);
  });
});
