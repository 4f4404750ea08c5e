/** The control engine of one gateway: the book with its evaluator, the counters, the blocks. */
import type { Clock } from '../ports/clock.js';
import { type BlockDesk, createBlockDesk } from './block-desk.js';
import type { ControlRoom } from './control-room.js';
import { createOperationCounters, type OperationCounters } from './operation-counters.js';

export interface Control {
  readonly room: ControlRoom;
  readonly counters: OperationCounters;
  readonly blocks: BlockDesk;
}

export const createControl = (
  room: ControlRoom,
  clock: Pick<Clock, 'now'>,
  random: (bytes: number) => Uint8Array,
): Control => ({
  room,
  counters: createOperationCounters(),
  blocks: createBlockDesk({ room, clock, random }),
});
