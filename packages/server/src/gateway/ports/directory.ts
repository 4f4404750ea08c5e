/**
 * Hosts, accounts, host keys and users. Writers return a problem for expected outcomes (`conflict`, `not-found`,
 * `conflict.last-admin`); they throw only for failed I/O. Names are unique without regard to case.
 */
import type { Account, Host, HostKey, HostKeyState } from '@sallyport/core/model/host.js';
import type { Result } from '@sallyport/core/model/problem.js';
import type { User } from '@sallyport/core/model/user.js';

export interface Inventory {
  hosts(): Promise<readonly Host[]>;
  host(id: string): Promise<Host | undefined>;
  createHost(host: Host): Promise<Result<Host>>;
  updateHost(id: string, change: Partial<Omit<Host, 'id' | 'createdAt'>>): Promise<Result<Host>>;
  /** Removes its accounts, their secrets and its keys in the same transaction. Sessions keep the names they copied. */
  deleteHost(id: string): Promise<Result<Host>>;
}

export interface Accounts {
  /** All accounts, or those of one host. */
  accounts(hostId?: string): Promise<readonly Account[]>;
  account(id: string): Promise<Account | undefined>;
  createAccount(account: Account): Promise<Result<Account>>;
  updateAccount(
    id: string,
    change: Partial<Pick<Account, 'login' | 'kind' | 'secretId' | 'keyFingerprint' | 'updatedAt'>>,
  ): Promise<Result<Account>>;
  deleteAccount(id: string): Promise<Result<Account>>;
}

export interface HostKeys {
  hostKeys(hostId?: string): Promise<readonly HostKey[]>;
  /**
   * Inserts as pending unless that key of that host is known already; returns the stored one. A host keeps its sixteen
   * newest pending keys; a decided one stays.
   */
  see(key: HostKey): Promise<HostKey>;
  /** Approving a key rejects the host's other approved keys: one key is trusted at a time per host. */
  decide(id: string, state: HostKeyState, by: string, at: number): Promise<Result<HostKey>>;
}

/** Users with what only sign-in may read. */
export interface Users {
  users(): Promise<readonly User[]>;
  user(id: string): Promise<User | undefined>;
  userByName(name: string): Promise<User | undefined>;
  createUser(user: User, passwordHash: string): Promise<Result<User>>;
  /** Refuses with `conflict.last-admin` what would leave no active administrator. */
  updateUser(
    id: string,
    change: Partial<Pick<User, 'displayName' | 'role' | 'active' | 'language' | 'totpEnabled' | 'updatedAt'>>,
  ): Promise<Result<User>>;
  deleteUser(id: string): Promise<Result<User>>;
  passwordHash(id: string): Promise<string | undefined>;
  setPasswordHash(id: string, hash: string, at: number): Promise<void>;
}

export interface Directory extends Inventory, Accounts, HostKeys, Users {}
