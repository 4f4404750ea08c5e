/** Request: what is asked. Names are verbatim, as the caller sent them (S46). */
import type { Key } from './key.js';
import { NO_PROPERTIES, type Properties } from './properties.js';

/** What a caller says of the two sides, of the operation and of the circumstances. Never a source of roles or groups. */
export interface Assertions {
  readonly subject: Properties;
  readonly action: Properties;
  readonly resource: Properties;
  readonly context: Properties;
}
export const NO_ASSERTIONS: Assertions = Object.freeze({
  subject: NO_PROPERTIES,
  action: NO_PROPERTIES,
  resource: NO_PROPERTIES,
  context: NO_PROPERTIES,
});

/** An operation of a user on a resource: the trunk, `access` and `operation` in one. */
export interface Request {
  readonly user: string;
  readonly operation: string;
  readonly resource: Key;
  readonly params: Properties;
  /** The peer's address. Without one a rule about addresses refuses. */
  readonly address?: string;
  readonly env: Assertions;
}

/** A sign-in whose proof of identity has been accepted. */
export interface LoginRequest {
  readonly user: string;
  readonly address?: string;
}
