import type { replay as english } from '../en/replay.js';
import type { Messages } from '../messages.js';

export const replay: Messages<typeof english> = {};
