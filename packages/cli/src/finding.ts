/** From what a person types (a name, the start of an id) to the one thing meant, or a Failure that helps. */
import type { HostAnswer, Page, SessionAnswer, UserAnswer } from '@sallyport/core/wire/api-answers.js';
import { nearestName } from '@sallyport/server/app/nearest-name.js';
import type { ApiClient } from './api-client.js';
import { EXIT } from './exit-code.js';
import { Failure, usage } from './failure.js';

const same = (a: string, b: string): boolean => a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();

export async function findHost(gateway: ApiClient, name: string): Promise<HostAnswer> {
  const { items } = await gateway.get<Page<HostAnswer>>('hosts');
  const found = items.find((host) => same(host.name, name) || host.id === name);
  return found ?? missing('host', name, items, 'See “sallyport host ls”.');
}

export async function findUser(gateway: ApiClient, name: string): Promise<UserAnswer> {
  const { items } = await gateway.get<Page<UserAnswer>>('users');
  const found = items.find((user) => same(user.name, name) || user.id === name);
  return found ?? missing('user', name, items, 'See “sallyport user ls”.');
}

const FULL_ID = 26;
/** Of an id, in lists. */
export const SHORT_ID = 6;

/** Lists print the first characters of ids; those are enough while they mean one session. */
export async function findSession(gateway: ApiClient, id: string): Promise<SessionAnswer> {
  if (id.length === FULL_ID) return await gateway.get<SessionAnswer>(`sessions/${encodeURIComponent(id)}`);
  if (!/^[0-9a-z]{4,}$/.test(id)) throw usage(`“${id}” is not the id of a session`, 'See “sallyport session ls”.');
  const matching: SessionAnswer[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<SessionAnswer> = await gateway.get('sessions', { limit: 500, cursor });
    matching.push(...page.items.filter((session) => session.id.startsWith(id)));
    cursor = page.next;
  } while (cursor !== undefined && matching.length < 2);
  if (matching.length > 1) throw usage(`More than one session begins with ${id}`, 'Type more of the id.');
  return matching[0] ?? missing('session', id, [], 'See “sallyport session ls”.');
}

function missing(what: string, name: string, known: readonly { readonly name: string }[], next: string): never {
  const near = nearestName(
    name,
    known.map((item) => item.name),
  );
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new Failure(`There is no ${what} ${name}.${hint}`, EXIT.notFound, next);
}
