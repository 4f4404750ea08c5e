import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ConfigSources, describeSettings, resolveConfig } from './config.js';
import { SETTING_KEYS, SETTINGS } from './settings.js';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sallyport-config-'));
});
afterEach(() => rmSync(data, { recursive: true }));

const resolve = (sources: Partial<ConfigSources> = {}) =>
  resolveConfig({ flags: {}, env: {}, cwd: data, root: false, ...sources });
const mistakes = (sources: Partial<ConfigSources>): string => {
  const result = resolve(sources);
  return result.ok ? 'no mistake' : result.mistakes.join('\n');
};
const file = (text: string): { env: Record<string, string> } => {
  writeFileSync(join(data, 'sallyport.yaml'), text);
  return { env: { SALLYPORT_DATA: data } };
};

test('flag over environment over file over default, and the origin is told', () => {
  const { env } = file('http: 127.0.0.1:1\nidleLimit: 1m\nmaxSessionsPerUser: 3\n');
  const result = resolve({
    env: { ...env, SALLYPORT_HTTP: '127.0.0.1:2', SALLYPORT_IDLE_LIMIT: '2m' },
    flags: { http: '3' },
  });
  if (!result.ok) throw new Error(result.mistakes.join());
  expect(result.config.values).toMatchObject({
    http: { host: '127.0.0.1', port: 3 },
    idleLimit: 120_000,
    maxSessionsPerUser: 3,
    resumeWindow: 60_000,
  });
  const origins = Object.fromEntries(
    describeSettings(result.config).map((row) => [row.key, `${row.origin} ${row.from}`]),
  );
  expect(origins).toMatchObject({
    http: 'flag --http',
    idleLimit: 'environment SALLYPORT_IDLE_LIMIT',
    maxSessionsPerUser: `file ${join(data, 'sallyport.yaml')}:3`,
    resumeWindow: 'default default',
  });
});

test('every setting has a default that its own schema accepts, and its variable and flag follow from its key', () => {
  expect(resolve({ env: { HOME: '/home/someone' } }).ok).toBe(true);
  for (const key of SETTING_KEYS) {
    expect(SETTINGS[key].env).toMatch(/^SALLYPORT_[A-Z_]+$/);
    expect(SETTINGS[key].flag).toMatch(/^--[a-z-]+$/);
    expect(SETTINGS[key].description).toMatch(/\.$/);
  }
});

test('the data directory: system-wide for root, the XDG one for anybody else', () => {
  const of = (sources: Partial<ConfigSources>) => {
    const result = resolve(sources);
    return result.ok ? result.config.values.data : undefined;
  };
  expect(of({ root: true })).toBe('/var/lib/sallyport');
  expect(of({ env: { HOME: '/home/a' } })).toBe('/home/a/.local/share/sallyport');
  expect(of({ env: { HOME: '/home/a', XDG_DATA_HOME: '/x' } })).toBe('/x/sallyport');
  expect(of({ flags: { data: 'here' } })).toBe(join(data, 'here'));
});

test('misspelt keys and variables are errors that name the nearest one', () => {
  expect(mistakes(file('htttp: 127.0.0.1:1\n'))).toMatch(
    /sallyport\.yaml:1: no such setting “htttp”, did you mean “http”\?/,
  );
  expect(mistakes({ env: { SALLYPORT_HTPP: 'x' } })).toBe(
    'SALLYPORT_HTPP: no such variable, did you mean SALLYPORT_HTTP?',
  );
  expect(mistakes({ env: { SALLYPORT_SOMETHING_QUITE_OTHER: 'x' } })).toMatch(/no such variable$/);
});

test('values that do not fit are errors with the place and the rule; all mistakes come at once', () => {
  const all = mistakes({
    env: { SALLYPORT_IDLE_LIMIT: '15', SALLYPORT_MAX_SESSIONS_PER_USER: '-1' },
    flags: { http: 'x' },
  });
  expect(all).toContain('SALLYPORT_IDLE_LIMIT: idleLimit “15” must be a time with its unit');
  expect(all).toContain('maxSessionsPerUser “-1” must be a whole number from 1 to 10000');
  expect(all).toContain('--http: http “x” must be an address and a port');
  expect(mistakes({ flags: { logLevel: '\u001b[31mloud' } })).toContain('“\\x1b[31mloud” must be one of');
  expect(mistakes(file('http: {a: 1}\n'))).toMatch(/:1: http: must be one value/);
  expect(mistakes(file('http: "unclosed\n'))).toMatch(/sallyport\.yaml:\d+: /);
  expect(mistakes({ flags: { config: 'missing.yaml' } })).toContain('no such settings file');
});

test('the file may hold lists and other types; an empty value counts as not set', () => {
  const result = resolve(file('trustedProxies:\n  - 10.0.0.0/8\n  - ::1\nmaxSessionsPerHost: 7\npublicUrl:\n'));
  if (!result.ok) throw new Error(result.mistakes.join());
  expect(result.config.values.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
  expect(result.config.values.maxSessionsPerHost).toBe(7);
  expect(result.config.values.publicUrl).toBeUndefined();
});

test('V46: a secret comes from a variable or a file named by one, and is never shown', () => {
  writeFileSync(join(data, 'phrase'), 'canary-4711\n');
  for (const sources of [
    { env: { SALLYPORT_TLS_KEY_PASSPHRASE: 'canary-4711' } },
    { env: { SALLYPORT_TLS_KEY_PASSPHRASE_FILE: join(data, 'phrase') } },
    { flags: { tlsKeyPassphrase: 'phrase' } },
    file('tlsKeyPassphraseFile: phrase\n'),
  ]) {
    const result = resolve(sources);
    if (!result.ok) throw new Error(result.mistakes.join());
    expect(result.config.values.tlsKeyPassphrase).toBe('canary-4711');
    expect(JSON.stringify(describeSettings(result.config))).not.toContain('canary');
  }
  expect(mistakes({ env: { SALLYPORT_TLS_KEY_PASSPHRASE_FILE: '/nowhere' } })).toContain(
    'cannot read /nowhere: ENOENT',
  );
});

test('plain HTTP on an address others can reach is refused unless TLS stands in front', () => {
  expect(mistakes({ flags: { http: '0.0.0.0:8080' } })).toContain('in clear');
  expect(mistakes({ flags: { http: '0.0.0.0:8080', publicUrl: 'https://gate.example.com' } })).toContain('in clear');
  const flags = { http: '0.0.0.0:8080', publicUrl: 'https://gate.example.com', trustedProxies: '10.1.2.3' };
  expect(mistakes({ flags })).toBe('no mistake');
  expect(mistakes({ flags: { http: '[::1]:8080' } })).toBe('no mistake');
  expect(mistakes({ flags: { tlsCert: '/nowhere.pem' } })).toContain('belong together');
});
