/** Target: an SSH host, its accounts and its host keys. Secrets are never part of these nouns; they live in the vault. */
export type HostKeyState = 'pending' | 'approved' | 'rejected';
export type RecordingFailurePolicy = 'end' | 'allow-alert';

export interface Host {
  readonly id: string;
  /** Unique, NFC, 1..64 characters, none of `%+#:@/` or white space or control characters (they separate in SSH logins). */
  readonly name: string;
  /** DNS name, IPv4 or IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Offers SHA-1 and CBC algorithms to this host only. Off by default. */
  readonly legacyAlgorithms: boolean;
  /** What happens to a session when its recording cannot be written. `end` fails closed. */
  readonly onRecordingFailure: RecordingFailurePolicy;
  /** Four eyes: its users can type only while somebody else watches. */
  readonly watcherRequired: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type AccountKind = 'password' | 'key';

/** Account: the login used on a target. Its secret is `vault` entry `secretId`. */
export interface Account {
  readonly id: string;
  readonly hostId: string;
  readonly login: string;
  readonly kind: AccountKind;
  readonly secretId: string;
  /** For kind `key`: `SHA256:...` of the public half, shown in the inventory. */
  readonly keyFingerprint?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A public key a host has shown. Only an `approved` one lets a session through (W12, V37). */
export interface HostKey {
  readonly id: string;
  readonly hostId: string;
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, ... */
  readonly algorithm: string;
  /** `SHA256:` and 43 base64 characters, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
  /** The key's wire form, base64. */
  readonly publicKey: string;
  readonly state: HostKeyState;
  readonly firstSeenAt: number;
  readonly decidedBy?: string;
  readonly decidedAt?: number;
}

/** What the vault seals for an account. */
export type AccountSecret =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'key'; readonly privateKey: string; readonly passphrase?: string };

const NAME_FORBIDDEN = /[%+#:@/\\\s\p{Cc}\p{Cf}]/u;

/** The canonical form of a host or user name, or undefined when it is not one (W34). */
export function canonicalName(raw: string): string | undefined {
  const name = raw.normalize('NFC');
  const length = [...name].length;
  return length >= 1 && length <= 64 && !NAME_FORBIDDEN.test(name) ? name : undefined;
}
