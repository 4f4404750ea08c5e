/**
 * One host from what people have at hand: `root@10.0.0.4:22`, `ssh -p 22 root@10.0.0.4 # web-01, env=prod`, or an
 * ssh_config block. It only reads; the server checks every part again.
 */
export interface HostLine {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly login?: string;
  readonly labels: Readonly<Record<string, string>>;
}

const DEFAULT_PORT = 22;

/** Undefined when no host can be read from it. */
export function readHostLine(text: string): HostLine | undefined {
  const source = text.trim();
  if (source === '') return undefined;
  if (/^host\s+\S/im.test(source) || /^\s*hostname\s/im.test(source)) return fromConfig(source);
  const [line = ''] = source.split('\n');
  const hash = line.search(/(^|\s)#/);
  const comment = hash < 0 ? '' : line.slice(hash).trim().slice(1).trim();
  const words = (hash < 0 ? line : line.slice(0, hash)).trim().split(/\s+/);
  return finish(words[0] === 'ssh' ? fromCommand(words.slice(1)) : fromTarget(words[0] ?? ''), comment);
}

interface Draft {
  address?: string;
  port?: number;
  login?: string;
  name?: string;
}

/** Options of ssh that take a value, so that the value is not read as the host. */
const WITH_VALUE = new Set('BbcDEeFIiJLlmOoPpQRSWw');

function fromCommand(words: readonly string[]): Draft {
  const draft: Draft = {};
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) return { ...fromTarget(word), ...draft };
    const letter = word[1] ?? '';
    if (!WITH_VALUE.has(letter)) continue;
    const value = word.length > 2 ? word.slice(2) : (words[index + 1] ?? '');
    if (word.length === 2) index += 1;
    if (letter === 'p') draft.port = Number(value);
    if (letter === 'l') draft.login = value;
    const [key = '', set = ''] = letter === 'o' ? value.split('=') : [];
    if (key.toLowerCase() === 'port') draft.port = Number(set);
    if (key.toLowerCase() === 'user') draft.login = set;
  }
  return draft;
}

function fromTarget(word: string): Draft {
  const bare = word.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  const at = bare.lastIndexOf('@');
  const login = at > 0 ? bare.slice(0, at) : undefined;
  const place = bare.slice(at + 1);
  const user = login === undefined ? {} : { login };
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(place);
  if (bracketed?.[1] !== undefined) return { ...user, address: bracketed[1], ...portOf(bracketed[2]) };
  const colons = place.split(':').length - 1;
  // More than one colon without brackets is an IPv6 address without a port.
  if (colons !== 1) return { ...user, address: place };
  const [address = '', port] = place.split(':');
  return { ...user, address, ...portOf(port) };
}

const portOf = (text: string | undefined): Pick<Draft, 'port'> => (text === undefined ? {} : { port: Number(text) });

function fromConfig(text: string): HostLine | undefined {
  const draft: Draft = {};
  for (const line of text.split('\n')) {
    const match = /^\s*(\w+)(?:\s*=\s*|\s+)"?([^"#]+?)"?\s*(?:#.*)?$/.exec(line);
    if (match === null) continue;
    const [, key = '', value = ''] = match;
    if (/^host$/i.test(key)) {
      if (draft.name !== undefined) break; // the first block only
      draft.name = value.split(/\s+/)[0] ?? value;
    }
    if (/^hostname$/i.test(key)) draft.address = value;
    if (/^port$/i.test(key)) draft.port = Number(value);
    if (/^user$/i.test(key)) draft.login = value;
  }
  return finish({ ...draft, address: draft.address ?? draft.name ?? '' }, '');
}

function finish(draft: Draft, comment: string): HostLine | undefined {
  const { address = '', port = DEFAULT_PORT, login } = draft;
  if (!/^[A-Za-z0-9_.:%-]+$/.test(address) || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const labels: Record<string, string> = {};
  let name = draft.name;
  for (const word of comment.split(/[\s,]+/).filter(Boolean)) {
    const [key = '', value] = word.split('=');
    if (value === undefined) name ??= word;
    else if (key !== '' && value !== '') labels[key] = value;
  }
  const plain = (name ?? address).replace(/[%+#:@/\\\s]/g, '-').slice(0, 64);
  return { name: plain, address, port, labels, ...(login !== undefined && login !== '' && { login }) };
}

/** `env=prod team=order` for the labels box, both ways. */
export function readLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const equals = word.indexOf('=');
    if (equals < 1) return undefined;
    labels[word.slice(0, equals)] = word.slice(equals + 1);
  }
  return labels;
}
export const writeLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');

/** `10.0.0.4:22`, `[fe80::1]:22`. */
export const placeOf = ({ address, port }: { address: string; port: number }): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;
