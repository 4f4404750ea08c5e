/** Options several commands share, and the way from them to a gateway. */
import { type ConfigSources, type ResolvedConfig, resolveConfig } from '@sallyport/server/app/config.js';
import { SETTING_KEYS, SETTINGS, type SettingKey } from '@sallyport/server/app/settings.js';
import type { Command } from 'commander';
import { type ApiClient, apiClient } from './api-client.js';
import { storedLogins } from './credentials.js';
import { usage } from './failure.js';

export interface CommonOptions {
  readonly json?: boolean;
  readonly input: boolean;
  readonly server?: string;
}
export type SettingOptions = Readonly<Record<string, string | undefined>>;

/** For commands that speak to a gateway over its API. */
export function remote(command: Command): Command {
  return common(command).option('--server <url>', 'the gateway, such as https://gate.example.com');
}

export function common(command: Command): Command {
  return command
    .option('--json', 'print JSON')
    .option('--no-input', 'never ask; fail when something is missing')
    .option('--no-color', 'no colour');
}

/** For commands that work on a data directory: the settings that find it, or all of them. */
export function withSettings(command: Command, keys: readonly SettingKey[] = SETTING_KEYS): Command {
  command.option('--config <file>', 'settings file (default: sallyport.yaml in the data directory)');
  for (const key of keys) {
    const { flag, argument, description, secret, default: fallback, defaultText } = SETTINGS[key];
    const standard = defaultText ?? (typeof fallback === 'string' && fallback !== '' ? fallback : undefined);
    const help = standard === undefined ? description : `${description} Default: ${standard.replaceAll('`', '')}.`;
    command.option(secret ? `${flag}-file <FILE>` : `${flag} <${argument}>`, help);
  }
  return command;
}

export function configOf(options: SettingOptions): ResolvedConfig {
  const flags: Partial<Record<SettingKey | 'config', string>> = {};
  for (const key of SETTING_KEYS) {
    const text = options[SETTINGS[key].secret ? `${key}File` : key];
    if (text !== undefined) flags[key] = text;
  }
  if (options.config !== undefined) flags.config = options.config;
  const result = resolveConfig({ flags, ...processSources() });
  if (result.ok) return result.config;
  throw usage(
    result.mistakes.length === 1
      ? result.mistakes[0]!
      : `the settings have mistakes:\n  ${result.mistakes.join('\n  ')}`,
    'All settings: docs/operate/settings.md, or “sallyport serve --help”.',
  );
}

function processSources(): Omit<ConfigSources, 'flags'> {
  return { env: process.env, cwd: process.cwd(), root: process.getuid?.() === 0 };
}

/** --server, SALLYPORT_SERVER, the last login, and at last the gateway that this machine's settings describe. */
export function serverOf(options: Pick<CommonOptions, 'server'>): string {
  const named = options.server ?? (process.env.SALLYPORT_SERVER || undefined) ?? storedLogins().current;
  if (named === undefined) return localServer();
  if (!URL.canParse(named) || !/^https?:$/.test(new URL(named).protocol)) {
    throw usage(`“${named}” is not an address of a gateway`, 'It looks like https://gate.example.com');
  }
  return new URL(named).origin;
}

function localServer(): string {
  const result = resolveConfig({ flags: {}, ...processSources() });
  if (!result.ok) throw usage(result.mistakes.join('\n  '), 'Correct the settings, or name the gateway with --server.');
  const { publicUrl, http, tlsCert } = result.config.values;
  const host = http.host === '0.0.0.0' ? '127.0.0.1' : http.host === '::' ? '::1' : http.host;
  const name = host.includes(':') ? `[${host}]` : host;
  return publicUrl ?? `${tlsCert === undefined ? 'http' : 'https'}://${name}:${http.port}`;
}

export function gatewayOf(options: Pick<CommonOptions, 'server'>): ApiClient {
  return apiClient(serverOf(options));
}

export function wholeNumber(name: string, min: number, max: number): (raw: string) => number {
  return (raw) => {
    if (/^\d+$/.test(raw) && Number(raw) >= min && Number(raw) <= max) return Number(raw);
    throw usage(`${name} must be a whole number from ${min} to ${max}, not “${raw}”`);
  };
}

const PERIOD_MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };

/** A period in minutes: `30m`, `2h`, `7d`. */
export function period(name: string, most: number): (raw: string) => number {
  return (raw) => {
    const [, count = '', unit = ''] = /^(\d{1,7})([mhd])$/.exec(raw) ?? [];
    const minutes = Number(count) * (PERIOD_MINUTES[unit] ?? 0);
    if (minutes >= 1 && minutes <= most) return minutes;
    throw usage(`${name} must be a time such as 30m, 2h or 7d, at most ${most / 1440} days, not “${raw}”`);
  };
}

const MOMENT_UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 };

/** A time in a recording, as milliseconds: `90`, `90s`, `1m30s`, `1:30`, `1:02:03.5`. */
export function moment(name: string): (raw: string) => number {
  return (raw) => {
    const clock = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/.exec(raw);
    if (clock) {
      const [, hours = '0', minutes = '0', seconds = '0'] = clock;
      return Math.round(((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
    }
    if (/^(\d+h)?(\d+m)?(\d+(\.\d+)?s)?$/.test(raw) && raw !== '') {
      const parts = [...raw.matchAll(/([\d.]+)([hms])/g)];
      return Math.round(parts.reduce((sum, [, number, unit]) => sum + Number(number) * MOMENT_UNITS_MS[unit!]!, 0));
    }
    throw usage(`${name} must be a time in the recording, such as 90s, 1m30s or 1:30, not “${raw}”`);
  };
}
