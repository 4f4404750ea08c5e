import type { audit as english } from '../en/audit.js';
import type { Messages } from '../messages.js';

export const audit: Messages<typeof english> = { 'key-find': '查找' };
