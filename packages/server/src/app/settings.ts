/**
 * The one table of settings. Parsing, `sallyport serve --help`, `config show --origin`, the settings page of the console
 * and docs/operate/settings.md are all made from it. A new setting is one entry here and its use in compose.ts.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  byteSize,
  count,
  duration,
  listenAddress,
  networks,
  oneOf,
  origin,
  path,
  secretText,
} from './setting-values.js';

export interface DefaultsContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly root: boolean;
}

export interface Setting<T = unknown, D = unknown> {
  /** `SALLYPORT_HTTP` */
  readonly env: string;
  /** `--http` */
  readonly flag: string;
  /** Placeholder of the flag's value in help texts. */
  readonly argument: string;
  readonly schema: z.ZodType<T, string>;
  /** Text like any other source's; undefined: not set. */
  readonly default: D | ((context: DefaultsContext) => D);
  /** How the default reads in the docs, where it depends on the machine. */
  readonly defaultText?: string;
  /** Never shown, never a flag's value; also read from a file named by `..._FILE`. */
  readonly secret: boolean;
  /** A path: relative ones are meant from where they are written. */
  readonly path: boolean;
  readonly description: string;
}

type Draft<T, D> = Pick<Setting<T, D>, 'argument' | 'schema' | 'default' | 'description'> &
  Partial<Pick<Setting<T, D>, 'defaultText' | 'secret' | 'path'>>;

const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function table<S extends Record<string, Draft<unknown, string | undefined>>>(
  drafts: S,
): { readonly [K in keyof S]: Setting<z.output<S[K]['schema']>, DefaultOf<S[K]>> } {
  const filled = Object.entries(drafts).map(([key, draft]) => {
    const flag = `--${kebab(key)}`;
    const env = `SALLYPORT_${kebab(key).replaceAll('-', '_').toUpperCase()}`;
    return [key, { secret: false, path: false, ...draft, flag, env }];
  });
  return Object.fromEntries(filled);
}
type DefaultOf<S extends { default: unknown }> = S['default'] extends (context: DefaultsContext) => infer D
  ? D
  : S['default'];

export const SETTINGS = table({
  data: {
    argument: 'DIR',
    schema: path,
    path: true,
    default: ({ env, root }: DefaultsContext): string =>
      root ? '/var/lib/sallyport' : join(env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local/share'), 'sallyport'),
    defaultText: '`/var/lib/sallyport` for root, else `~/.local/share/sallyport`; `npm start` in a clone uses `./data`',
    description: 'Directory of the database, the recordings and the master key. Readable by its owner only.',
  },
  http: {
    argument: 'ADDRESS',
    schema: listenAddress,
    default: '127.0.0.1:8080',
    description:
      'Address and port of the console and the API. An address other than loopback needs TLS: tlsCert and tlsKey, or publicUrl with https and trustedProxies.',
  },
  publicUrl: {
    argument: 'URL',
    schema: origin,
    default: undefined,
    description:
      'The origin people type, when it differs from the listening address: behind a proxy, or by a DNS name.',
  },
  trustedProxies: {
    argument: 'LIST',
    schema: networks,
    default: '',
    description:
      'Addresses or networks, separated by commas, whose X-Forwarded-For is believed. From anyone else it is ignored.',
  },
  tlsCert: {
    argument: 'FILE',
    schema: path,
    path: true,
    default: undefined,
    description: 'PEM file with the certificate and its chain. Serves HTTPS together with tlsKey.',
  },
  tlsKey: {
    argument: 'FILE',
    schema: path,
    path: true,
    default: undefined,
    description: 'PEM file with the private key of tlsCert.',
  },
  tlsKeyPassphrase: {
    argument: 'TEXT',
    schema: secretText,
    secret: true,
    default: undefined,
    description: 'Passphrase of tlsKey, when it has one.',
  },
  masterKeyFile: {
    argument: 'FILE',
    schema: path,
    path: true,
    default: undefined,
    defaultText: '`master.key` in the data directory, made at the first start',
    description: 'File with the master key that seals all stored secrets. Keep a copy apart from the backups.',
  },
  idleLimit: {
    argument: 'TIME',
    schema: duration(10_000, 86_400_000),
    default: '30m',
    description: 'A session in which nobody types for this long is ended; what is printed does not count.',
  },
  sessionLimit: {
    argument: 'TIME',
    schema: duration(60_000, 604_800_000),
    default: '12h',
    description: 'A session is ended when it is this old.',
  },
  resumeWindow: {
    argument: 'TIME',
    schema: duration(0, 3_600_000),
    default: '60s',
    description: 'How long a shell waits for its page to come back after a reload or a network change.',
  },
  watchNotice: {
    argument: 'RULE',
    schema: oneOf('always', 'never'),
    default: 'always',
    description:
      'Whether the user of a session is told, by name, who watches it: always or never. The audit log is told always.',
  },
  watcherGrace: {
    argument: 'TIME',
    schema: duration(0, 3_600_000),
    default: '60s',
    description:
      'How long a session whose host requires a watcher goes on, its input held, after the last watcher has gone.',
  },
  maxSessionsPerUser: {
    argument: 'COUNT',
    schema: count(1, 10_000),
    default: '20',
    description: 'Open sessions one user may have.',
  },
  maxSessionsPerHost: {
    argument: 'COUNT',
    schema: count(1, 10_000),
    default: '100',
    description: 'Open sessions one host may have.',
  },
  retentionFloor: {
    argument: 'TIME',
    schema: duration(0, 3650 * 86_400_000),
    default: '7d',
    description:
      'No recording younger than this is deleted, whatever a rule says or an administrator asks. Counted from the session’s end.',
  },
  recordingEncryption: {
    argument: 'SWITCH',
    schema: oneOf('off', 'on'),
    default: 'off',
    description:
      'Encrypts new recordings on disk, each with a key of its own that is destroyed when it is deleted. Without database and master key they cannot be read.',
  },
  maxImportSize: {
    argument: 'SIZE',
    schema: byteSize(2 ** 20, 16 * 2 ** 30),
    default: '512MiB',
    description: 'The largest recording file that may be imported, counted unpacked.',
  },
  logLevel: {
    argument: 'LEVEL',
    schema: oneOf('debug', 'info', 'warn', 'error'),
    default: 'info',
    description: 'The least severe log lines that are written: debug, info, warn or error.',
  },
  logFormat: {
    argument: 'FORMAT',
    schema: oneOf('auto', 'json', 'pretty'),
    default: 'auto',
    description: 'json (one object per line), pretty (for people), or auto: pretty on a terminal, else json.',
  },
});

export type SettingKey = keyof typeof SETTINGS;
type ValueOf<S> = S extends Setting<infer T, infer D> ? T | (D extends undefined ? undefined : never) : never;
/** The validated values, by key. */
export type Config = { readonly [K in SettingKey]: ValueOf<(typeof SETTINGS)[K]> };

export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** Variables of ours that are no settings: the command line's own, and where the settings file is. */
export const OTHER_VARIABLES = [
  'SALLYPORT_CONFIG',
  'SALLYPORT_SERVER',
  'SALLYPORT_TOKEN',
  'SALLYPORT_TOKEN_FILE',
] as const;
