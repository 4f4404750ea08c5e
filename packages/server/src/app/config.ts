/** Flag over environment over file over default -> one validated object that remembers where each value came from. */
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import type { SettingAnswer } from '@sallyport/core/wire/api-answers.js';
import { settingsFromFile } from './config-file.js';
import { type Environment, readSecretFile, settingsFromEnvironment } from './env.js';
import type { GivenSetting } from './given-setting.js';
import { type Config, type DefaultsContext, SETTING_KEYS, SETTINGS, type SettingKey } from './settings.js';

export interface ResolvedConfig {
  readonly values: Config;
  readonly given: ReadonlyMap<SettingKey, GivenSetting>;
  /** The settings file that was read. */
  readonly file?: string;
}

export interface ConfigSources {
  /** By key, and `config` for the settings file. A secret's flag names a file. */
  readonly flags: Readonly<Partial<Record<SettingKey | 'config', string>>>;
  readonly env: Environment;
  readonly cwd: string;
  readonly root: boolean;
}

/** All mistakes at once, as sentences; the caller prints them and exits with 2. */
export type ConfigResult =
  | { readonly ok: true; readonly config: ResolvedConfig }
  | { readonly ok: false; readonly mistakes: readonly string[] };

export const SETTINGS_FILE = 'sallyport.yaml';

export function resolveConfig(sources: ConfigSources): ConfigResult {
  const { flags, env, cwd } = sources;
  const mistakes: string[] = [];
  const given = new Map<SettingKey, GivenSetting>();
  const context: DefaultsContext = { env, root: sources.root };
  const take = (setting: GivenSetting): unknown => given.set(setting.key, setting);

  const fromEnvironment = settingsFromEnvironment(env, cwd);
  const fromFlags = flagSettings(flags, cwd, mistakes);
  for (const key of SETTING_KEYS) {
    const fallback: unknown = SETTINGS[key].default;
    const text: unknown = typeof fallback === 'function' ? fallback(context) : fallback;
    if (typeof text === 'string') take({ key, text, origin: 'default', name: 'default', directory: cwd });
  }

  const named = flags.config ?? (env.SALLYPORT_CONFIG || undefined);
  const dataGiven =
    [...fromEnvironment.given, ...fromFlags].findLast(({ key }) => key === 'data') ?? given.get('data')!;
  const file =
    named === undefined ? join(resolve(dataGiven.directory, dataGiven.text), SETTINGS_FILE) : resolve(cwd, named);
  const fromFile = settingsFromFile(file);
  if (fromFile === undefined && named !== undefined)
    mistakes.push(`${visibleText(file)}: there is no such settings file`);
  for (const setting of fromFile?.given ?? []) {
    if (setting.key === 'data' && named === undefined) {
      mistakes.push(`${setting.name}: data cannot be set by the file inside the data directory`);
    } else take(setting);
  }
  for (const setting of [...fromEnvironment.given, ...fromFlags]) take(setting);
  mistakes.push(...(fromFile?.mistakes ?? []), ...fromEnvironment.mistakes);

  const values: Record<string, unknown> = {};
  for (const [key, { text, name, directory }] of given) {
    const setting = SETTINGS[key];
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) values[key] = setting.path ? resolve(directory, parsed.data as string) : parsed.data;
    else {
      const shown = setting.secret ? '' : ` “${visibleText(text)}”`;
      mistakes.push(`${name}: ${key}${shown} ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
    }
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  const config = values as Config;
  const clashes = crossCheck(config);
  if (clashes.length > 0) return { ok: false, mistakes: clashes };
  return { ok: true, config: { values: config, given, ...(fromFile === undefined ? {} : { file }) } };
}

function flagSettings(flags: ConfigSources['flags'], directory: string, mistakes: string[]): readonly GivenSetting[] {
  const given: GivenSetting[] = [];
  for (const key of SETTING_KEYS) {
    const text = flags[key];
    if (text === undefined) continue;
    const { flag, secret } = SETTINGS[key];
    if (!secret) {
      given.push({ key, text, origin: 'flag', name: flag, directory });
      continue;
    }
    const read = readSecretFile(resolve(directory, text));
    if (read.text === undefined) mistakes.push(`${flag}-file: ${read.mistake}`);
    else given.push({ key, text: read.text, origin: 'flag', name: `${flag}-file`, directory });
  }
  return given;
}

/** What no single value can show. */
function crossCheck(config: Config): readonly string[] {
  const mistakes: string[] = [];
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    mistakes.push('tlsCert and tlsKey belong together: set both or neither');
  }
  for (const key of ['tlsCert', 'tlsKey'] as const) {
    const file = config[key];
    if (file !== undefined && !existsSync(file)) mistakes.push(`${key}: there is no file ${visibleText(file)}`);
  }
  const behindTls = config.publicUrl?.startsWith('https:') === true && config.trustedProxies.length > 0;
  if (config.tlsCert === undefined && !isLoopback(config.http.host) && !behindTls) {
    mistakes.push(
      `http: ${config.http.host} is reachable from other machines, and passwords would cross the network in clear. ` +
        'Set tlsCert and tlsKey, or put a proxy with TLS in front and set publicUrl (https) and trustedProxies',
    );
  }
  return mistakes;
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** For `config show` and the settings page. A secret's value never leaves. */
export function describeSettings(config: ResolvedConfig): readonly (SettingAnswer & { readonly from: string })[] {
  return SETTING_KEYS.map((key) => {
    const given = config.given.get(key);
    const { secret } = SETTINGS[key];
    const value = SETTINGS[key].path ? String(config.values[key] ?? '') : (given?.text ?? '');
    return {
      key,
      value: secret && given !== undefined ? '********' : value,
      origin: given?.origin ?? 'default',
      secret,
      from: given?.name ?? 'default',
    };
  });
}
