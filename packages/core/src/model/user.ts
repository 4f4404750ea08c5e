import type { Role } from './role.js';

/** User: a person who signs in to Sallyport. Password hash and TOTP secret are never part of the noun. */
export interface User {
  readonly id: string;
  /** Unique without regard to case, NFC; see `canonicalName`. */
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
  readonly active: boolean;
  readonly language?: 'zh-CN' | 'en';
  readonly totpEnabled: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Principal: who asks. Made by sign-in or by an API token. */
export interface Principal {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly via: 'web' | 'token' | 'local';
  /** Id of the sign-in or token that spoke. */
  readonly credentialId: string;
  /** Socket address, or the forwarded one when the peer is a trusted proxy (V18). */
  readonly address: string;
}
