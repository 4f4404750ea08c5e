/** Rows behind Identity: sign-ins, tokens, setup token, TOTP. Only hashes of bearer secrets are stored. */
import type { TokenRow } from './identity.js';

export interface SignInRow {
  readonly id: string;
  /** Hex SHA-256 of the cookie's value. */
  readonly tokenHash: string;
  readonly csrf: string;
  readonly userId: string;
  readonly address: string;
  readonly userAgent: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}
export interface SetupTokenRow {
  readonly tokenHash: string;
  readonly expiresAt: number;
  readonly tries: number;
}
export interface TotpRow {
  /** Vault ids. */
  readonly secretId: string;
  readonly recoveryCodesId?: string;
  /** The last accepted 30-second step: a code is taken once. */
  readonly lastStep: number;
  readonly confirmed: boolean;
}

export interface SignInStore {
  putSignIn(row: SignInRow): Promise<void>;
  signInByHash(tokenHash: string): Promise<SignInRow | undefined>;
  extendSignIn(id: string, expiresAt: number): Promise<void>;
  /** In one step; answers the ids of the rows that are gone. */
  removeSignIns(
    by:
      | { readonly id: string }
      | { readonly userId: string; readonly exceptId?: string }
      | { readonly expiredBefore: number },
  ): Promise<readonly string[]>;
  putToken(row: TokenRow, tokenHash: string): Promise<void>;
  tokenByHash(tokenHash: string): Promise<TokenRow | undefined>;
  tokensOf(userId: string): Promise<readonly TokenRow[]>;
  touchToken(id: string, at: number): Promise<void>;
  removeTokens(
    by: { readonly userId: string; readonly id?: string } | { readonly expiredBefore: number },
  ): Promise<number>;
  setupToken(): Promise<SetupTokenRow | undefined>;
  setSetupToken(row: SetupTokenRow | undefined): Promise<void>;
  totp(userId: string): Promise<TotpRow | undefined>;
  setTotp(userId: string, row: TotpRow | undefined): Promise<void>;
}
