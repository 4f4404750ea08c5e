import type { terminal as english } from '../en/terminal.js';
import type { Messages } from '../messages.js';

export const terminal: Messages<typeof english> = {};
