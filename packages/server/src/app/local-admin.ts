/** What somebody may do who can write the data directory: no sign-in, but always an audit row with source `local`. */
import { closeSync, existsSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { type SigningKeyJwk, signingKeyJwk } from '@sallyport/core/evidence/signing-key.js';
import { fail, type Result } from '@sallyport/core/model/problem.js';
import type { User } from '@sallyport/core/model/user.js';
import { CreateToken, Setup } from '@sallyport/core/wire/api-requests.js';
import { describeFields, parseFields } from '@sallyport/core/wire/invalid-fields.js';
import { backupDatabase } from '../edges/storage/sqlite/database.js';
import type { TokenRow } from '../gateway/ports/identity.js';
import { rotateSigningKey } from '../gateway/rotate-signing-key.js';
import { lockData } from './data-lock.js';
import type { Stores } from './stores.js';

const LOCAL_ACTOR = { actor: 'system', source: 'local' } as const;
const LOCAL = { ...LOCAL_ACTOR, result: 'ok' } as const;
/** The same rules as for the setup link: whoever may write the data directory may not write odd names into it. */
const NewAdministrator = Setup.omit({ token: true });

export async function makeFirstAdministrator(
  stores: Stores,
  name: string,
  displayName: string,
  password: string,
): Promise<Result<User>> {
  if (await stores.identity.isSetUp()) return fail('setup.done');
  const asked = parseFields(NewAdministrator, { name, displayName, password }, 'en');
  if ('fields' in asked) return fail('request.invalid', { detail: describeFields(asked.fields, 'en') });
  const { token } = await stores.identity.issueSetupToken();
  return await stores.identity.completeSetup(token, asked.value.name, asked.value.displayName ?? '', password);
}

export async function makeToken(
  stores: Stores,
  userName: string,
  name: string,
  days: number,
): Promise<Result<{ readonly row: TokenRow; readonly token: string }>> {
  const user = await stores.directory.userByName(userName);
  if (user === undefined) return fail('not-found');
  const asked = parseFields(CreateToken, { name, days }, 'en');
  if ('fields' in asked) return fail('request.invalid', { detail: describeFields(asked.fields, 'en') });
  return await stores.identity.createToken(user.id, asked.value.name, asked.value.days, LOCAL_ACTOR);
}

export async function rotateMasterKey(stores: Stores): Promise<number> {
  const count = await stores.vault.rotate();
  await stores.audit.append({ ...LOCAL, action: 'vault.rotate', detail: { secrets: count } });
  return count;
}

/** Only while no server runs: it would go on signing with the key whose private half is destroyed here. */
export async function rotateSigningKeyOn(stores: Stores): Promise<SigningKeyJwk> {
  const locked = await lockData(stores.paths.data);
  if (!locked.ok) throw new Error('A server runs on this data. Rotate through it: sallyport signing-key rotate');
  try {
    return signingKeyJwk(await rotateSigningKey(stores, { actor: LOCAL.actor, source: LOCAL.source }));
  } finally {
    locked.lock.release();
  }
}

export interface WrittenBackup {
  readonly database: string;
  /** One line per recording: size and path inside the data directory. */
  readonly list: string;
  readonly recordings: number;
  readonly bytes: number;
}

export async function writeBackup(stores: Stores, file: string): Promise<WrittenBackup> {
  const database = resolve(file);
  const list = `${database}.recordings.txt`;
  if (existsSync(database) || existsSync(list)) throw new Error(`${database} exists already; name a new file`);
  await stores.audit.append({ ...LOCAL, action: 'backup.create' });
  await backupDatabase(stores.database, database);
  const { recordings, bytes } = listRecordings(stores, list);
  return { database, list, recordings, bytes };
}

/** After the database copy: so every sealed recording that the copy names is in the list. */
function listRecordings(stores: Stores, list: string): { recordings: number; bytes: number } {
  const out = openSync(list, 'wx', 0o600);
  let recordings = 0;
  let bytes = 0;
  try {
    if (!existsSync(stores.paths.recordings)) return { recordings, bytes };
    for (const entry of readdirSync(stores.paths.recordings, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!entry.endsWith('.sprec')) continue;
      const { size } = statSync(resolve(stores.paths.recordings, entry));
      writeSync(out, `${size}\trecordings/${entry}\n`);
      recordings += 1;
      bytes += size;
    }
    return { recordings, bytes };
  } finally {
    closeSync(out);
  }
}
