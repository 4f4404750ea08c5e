import type { me as english } from '../en/me.js';
import type { Messages } from '../messages.js';

export const me: Messages<typeof english> = {};
