import type { signIn as english } from '../en/sign-in.js';
import type { Messages } from '../messages.js';

export const signIn: Messages<typeof english> = {};
