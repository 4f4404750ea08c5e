import type { inventory as english } from '../en/inventory.js';
import type { Messages } from '../messages.js';

export const inventory: Messages<typeof english> = { 'key-find': '查找' };
