/** What the API calls a field, as whoever typed the command knows it. */
const NAMES: Readonly<Record<string, string>> = {
  name: 'the name',
  address: 'the address',
  port: 'the port',
  login: 'the login',
  labels: '--label',
  role: '--role',
  displayName: '--display-name',
  password: '--password-file',
  'secret.password': '--password-file',
  'secret.privateKey': '--key-file',
  'secret.passphrase': '--passphrase-file',
  code: '--code',
  days: '--days',
  reason: '--reason',
  preset: '--preset',
  blockMinutes: '--block',
  text: 'the text',
  limit: '--limit',
  q: 'the query',
};

export type OptionNames = Readonly<Record<string, string>>;

export function optionName(path: string, own: OptionNames = {}): string {
  const label = /^labels\.(.+)$/s.exec(path)?.[1];
  if (label !== undefined) return `--label ${label}`;
  return own[path] ?? NAMES[path] ?? path;
}
