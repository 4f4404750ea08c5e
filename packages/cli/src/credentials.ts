/** The command line's own file: which gateway, and its API token. `$XDG_CONFIG_HOME/sallyport/cli.json`, mode 0600. */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { secretFromFile } from './secret-input.js';

interface StoredLogins {
  readonly current?: string;
  readonly tokens: Readonly<Record<string, string>>;
}

export function loginsFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'sallyport', 'cli.json');
}

export function storedLogins(env: NodeJS.ProcessEnv = process.env): StoredLogins {
  try {
    const stored: unknown = JSON.parse(readFileSync(loginsFile(env), 'utf8'));
    if (typeof stored !== 'object' || stored === null) return { tokens: {} };
    const { current, tokens } = stored as { current?: unknown; tokens?: unknown };
    const pairs = Object.entries(typeof tokens === 'object' && tokens !== null ? tokens : {});
    return {
      ...(typeof current === 'string' ? { current } : {}),
      tokens: Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string')),
    };
  } catch {
    return { tokens: {} }; // no file yet, or not ours: signing in writes a new one
  }
}

export function storeLogin(server: string, token: string | undefined, env: NodeJS.ProcessEnv = process.env): void {
  const file = loginsFile(env);
  const { [server]: _, ...others } = storedLogins(env).tokens;
  const next: StoredLogins = { current: server, tokens: token === undefined ? others : { ...others, [server]: token } };
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
