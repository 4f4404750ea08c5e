/** The command line's own file: which gateway, and its API token. `$XDG_CONFIG_HOME/sallyport/cli.json`, mode 0600. */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { secretFromFile } from './secret-input.js';

interface StoredLogins {
  readonly current?: string;
  readonly tokens: Readonly<Record<string, string>>;
  /** When each token ends, UTC ms; those of older versions are not known. */
  readonly until: Readonly<Record<string, number>>;
}

export function loginsFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'sallyport', 'cli.json');
}

export function storedLogins(env: NodeJS.ProcessEnv = process.env): StoredLogins {
  try {
    const stored: unknown = JSON.parse(readFileSync(loginsFile(env), 'utf8'));
    if (typeof stored !== 'object' || stored === null) return NO_LOGINS;
    const { current, tokens, until } = stored as { current?: unknown; tokens?: unknown; until?: unknown };
    return {
      ...(typeof current === 'string' ? { current } : {}),
      tokens: entriesOf(tokens, (value): value is string => typeof value === 'string'),
      until: entriesOf(until, (value): value is number => typeof value === 'number'),
    };
  } catch {
    return NO_LOGINS; // no file yet, or not ours: signing in writes a new one
  }
}

const NO_LOGINS: StoredLogins = { tokens: {}, until: {} };

function entriesOf<T>(value: unknown, fits: (one: unknown) => one is T): Readonly<Record<string, T>> {
  const pairs = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(pairs.filter((pair): pair is [string, T] => fits(pair[1])));
}

export function storeLogin(
  server: string,
  login: { readonly token: string; readonly until: number } | undefined,
  env: NodeJS.ProcessEnv = process.env,
): void {
  const file = loginsFile(env);
  const stored = storedLogins(env);
  const { [server]: _token, ...tokens } = stored.tokens;
  const { [server]: _until, ...until } = stored.until;
  const next: StoredLogins =
    login === undefined
      ? { current: server, tokens, until }
      : {
          current: server,
          tokens: { ...tokens, [server]: login.token },
          until: { ...until, [server]: login.until },
        };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(next, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

export function tokenFor(server: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.SALLYPORT_TOKEN) return env.SALLYPORT_TOKEN;
  if (env.SALLYPORT_TOKEN_FILE) return secretFromFile(env.SALLYPORT_TOKEN_FILE);
  return storedLogins(env).tokens[server];
}

/** Where `tokenFor` found it, for whoever has to replace it. */
export function tokenOrigin(env: NodeJS.ProcessEnv = process.env): string {
  if (env.SALLYPORT_TOKEN) return 'SALLYPORT_TOKEN';
  return env.SALLYPORT_TOKEN_FILE ? `the file of SALLYPORT_TOKEN_FILE (${env.SALLYPORT_TOKEN_FILE})` : loginsFile(env);
}
