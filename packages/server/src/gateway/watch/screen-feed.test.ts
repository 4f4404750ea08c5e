/** The law of reading back: a screen given a recording with its floods cut is the screen given all of it. */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import { expect, it } from 'vitest';
import { ownScreen } from '../../../test/fixtures/own-screens.js';
import { type ScriptedSession, scriptedSession } from '../../../test/fixtures/scripted-session.js';
import { createLiveScreen } from '../../edges/screen/live-screen.js';
import { giveRecorded } from './screen-feed.js';

const SIZE = { cols: 60, rows: 20 };

/** Printed in pieces that end anywhere. */
function sessionOf(pieces: readonly (Buffer | TerminalSize)[]): ScriptedSession {
  const session = scriptedSession(SIZE);
  for (const piece of pieces) {
    if (!Buffer.isBuffer(piece)) session.resize(piece.cols, piece.rows);
    else for (let at = 0; at < piece.length; at += 3_001) session.print(piece.subarray(at, at + 3_001));
  }
  return session;
}

it('W1: floods are read, not parsed, and leave the same screen at the same offset', async () => {
  const yes = Buffer.from('y\r\n'.repeat(800_000));
  const log = Buffer.from(
    '\x1b[2m10:00\x1b[0m \x1b[31mERROR\x1b[39m 主机 \x1b[44mweb\x1b[0m ok\x1b[K\r\n'.repeat(60_000),
  );
  const vim = Buffer.from('\x1b[?1049h\x1b[2;5r\x1b[3;3Hedited\x1b[r\x1b[?1049l\x1b[35m');
  const pieces = [yes, vim, log, { cols: 70, rows: 25 }, yes, Buffer.from('\x1b[32mready> half \xe4', 'latin1')];
  const to = pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : 0), 0);
  const [whole, cut] = [createLiveScreen(SIZE, 0), createLiveScreen(SIZE, 0)];
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) whole.write(piece);
    else whole.resize(piece);
  }
  const screen = ownScreen(cut);
  await giveRecorded(screen, await sessionOf(pieces).recorded(0), 0, to, () => false);
  expect(cut.snapshot(500)).toEqual(whole.snapshot(500));
  expect(screen.given).toBeLessThan(to / 2);
}, 60_000);
