/**
 * The vault over its rows and its master key. Two processes may share both (the server, and the command line rotating
 * the key): the mark in the database says which key is in force, and each write is refused by the rows when the mark
 * has moved on, whereupon the key is read again.
 */
import { randomBytes } from 'node:crypto';
import { ID_BYTES, idFromBytes } from '@sallyport/core/model/id.js';
import type { SecretRow, SecretRows } from '../../gateway/ports/secret-rows.js';
import type { SecretPurpose, Vault } from '../../gateway/ports/vault.js';
import { openSecret, type RandomBytes, rewrapSecret, sealSecret } from './envelope.js';
import {
  createKeyFile,
  createNextKey,
  MASTER_KEY_BYTES,
  type MasterKey,
  promoteNextKey,
  readMasterKey,
  readNextKey,
} from './master-key.js';

export interface VaultOptions {
  readonly rows: SecretRows;
  readonly masterKeyFile: string;
  /** False for a file the operator provides: a missing one is an error then, never made up. Default true. */
  readonly createKey?: boolean;
  readonly random?: RandomBytes;
}

/** One rotation between two steps is likely now and then, three are not. */
const WRITE_TRIES = 3;

/** Throws, with a sentence for the operator, when the key is missing, readable by others, or not the rows' own. */
export async function createVault(options: VaultOptions): Promise<Vault> {
  const { rows, masterKeyFile, createKey = true, random = randomBytes } = options;
  let master = await startingKey(rows, masterKeyFile, createKey, random);

  /** Seals under the key in force; again when a rotation came between. False when there is no such row. */
  async function write(
    make: (key: MasterKey) => SecretRow,
    store: (row: SecretRow) => Promise<boolean>,
  ): Promise<boolean> {
    for (let tries = 0; tries < WRITE_TRIES; tries++) {
      const key = master;
      if (await store(make(key))) return true;
      if ((await rows.keyMark()) === key.id) return false;
      master = await keyInForce(rows, masterKeyFile);
    }
    throw new Error('the vault could not write: the master key keeps changing');
  }

  async function read(purpose: SecretPurpose, id: string): Promise<SecretRow> {
    const row = await rows.get(id);
    if (row === undefined || row.purpose !== purpose) throw new Error(`the vault holds no ${purpose} secret ${id}`);
    return row;
  }

  return {
    async seal(purpose, plaintext) {
      const id = idFromBytes(random(ID_BYTES));
      const written = await write(
        (key) => sealSecret(key, { id, purpose }, plaintext, random),
        (row) => rows.insert(row),
      );
      if (!written) throw new Error(`the vault refused the new ${purpose} secret`);
      return id;
    },

    async open(purpose, id) {
      let row = await read(purpose, id);
      if (row.keyId !== master.id) {
        master = await keyInForce(rows, masterKeyFile);
        row = await read(purpose, id);
      }
      try {
        return openSecret(master, row);
      } catch {
        // Says which row, not what the cipher saw.
        throw new Error(`the vault's ${purpose} secret ${id} does not open: the row was changed or its key is another`);
      }
    },

    async replace(purpose, id, plaintext) {
      const written = await write(
        (key) => sealSecret(key, { id, purpose }, plaintext, random),
        (row) => rows.update(row),
      );
      if (!written) throw new Error(`the vault holds no ${purpose} secret ${id}`);
    },

    remove: (id) => rows.remove(id),

    async rotate(newKeyFile) {
      const old = await keyInForce(rows, masterKeyFile);
      const next =
        newKeyFile === undefined
          ? await createNextKey(masterKeyFile, random(MASTER_KEY_BYTES))
          : await providedKey(newKeyFile);
      const count = await rows.rewrap(old.id, next.id, (row) => rewrapSecret(old, next, row, random));
      if (count === undefined) throw new Error('Another rotation of the master key came first. Nothing was changed.');
      master = next;
      if (newKeyFile === undefined) await promoteNextKey(masterKeyFile, next.id);
      return count;
    },
  };
}

async function providedKey(file: string): Promise<MasterKey> {
  const key = await readMasterKey(file);
  if (key === undefined) throw new Error(`There is no master key file ${file}. Write one: openssl rand -hex 32`);
  return key;
}

async function startingKey(
  rows: SecretRows,
  file: string,
  createKey: boolean,
  random: RandomBytes,
): Promise<MasterKey> {
  if ((await rows.keyMark()) !== undefined) return keyInForce(rows, file);
  if (createKey && (await readMasterKey(file)) === undefined) await createKeyFile(file, random(MASTER_KEY_BYTES));
  const key = await providedKey(file); // of two first starts one wrote it, and one claims the mark
  await rows.claimKeyMark(key.id);
  return keyInForce(rows, file);
}

/** The key the mark names: the file, or the next one a rotation left beside it, which then takes its place. */
async function keyInForce(rows: SecretRows, file: string): Promise<MasterKey> {
  const mark = await rows.keyMark();
  const key = await readMasterKey(file);
  if (key !== undefined && key.id === mark) return key;
  const next = mark === undefined ? undefined : await readNextKey(file, mark);
  if (next !== undefined && next.id === mark) {
    await promoteNextKey(file, next.id);
    return next;
  }
  throw new Error(
    key === undefined
      ? `There is no master key file ${file}, and the stored secrets need it (key ${mark}). Restore it from your copy.`
      : `The master key file ${file} holds key ${key.id}, but the stored secrets are sealed under key ${mark}. ` +
          'Restore the key file that belongs to this database.',
  );
}
