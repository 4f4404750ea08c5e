import type { setup as english } from '../en/setup.js';
import type { Messages } from '../messages.js';

export const setup: Messages<typeof english> = {};
