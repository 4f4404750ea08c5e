import type { recordings as english } from '../en/recordings.js';
import type { Messages } from '../messages.js';

export const recordings: Messages<typeof english> = { 'key-find': '查找' };
