/** What a setting's text may be. Every source (file, variable, flag) hands over text, so each schema starts from it. */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const text = z.string().trim().min(1, 'must not be empty');

export const path = text;

/** `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`; a bare port means loopback, so that nothing opens by accident. */
export const listenAddress = text.transform((raw, context): ListenAddress => {
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(raw);
  const port = Number(match?.[3]);
  if (match !== null && port <= 65_535) return { host: match[1] ?? (match[2] || '127.0.0.1'), port };
  context.addIssue({ code: 'custom', message: 'must be an address and a port, such as 127.0.0.1:8080 or [::1]:8080' });
  return z.NEVER;
});

/** Scheme, host and port only: the console lives at the root of its origin. */
export const origin = text.transform((raw, context): string => {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search + url.hash === '') {
    if (url.username + url.password === '') return url.origin;
  }
  context.addIssue({ code: 'custom', message: 'must be an origin such as https://gate.example.com, without a path' });
  return z.NEVER;
});

/** Addresses and networks, separated by commas. */
export const networks = z.string().transform((raw, context): readonly string[] => {
  const items = raw
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  for (const item of items) {
    if (isNetwork(item)) continue;
    context.addIssue({
      code: 'custom',
      message: `“${item}” is neither an IP address nor a network such as 10.0.0.0/8`,
    });
    return z.NEVER;
  }
  return items;
});

function isNetwork(item: string): boolean {
  const [address = '', prefix, more] = item.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) return false;
  new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  return true;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `12h`, `7d`, as milliseconds. */
export const duration = (minMs: number, maxMs: number) =>
  text.transform((raw, context): number => {
    const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(raw);
    const ms = match === null ? Number.NaN : Math.round(Number(match[1]) * UNIT_MS[match[2]!]!);
    if (ms >= minMs && ms <= maxMs) return ms;
    const range = `from ${durationText(minMs)} to ${durationText(maxMs)}`;
    context.addIssue({ code: 'custom', message: `must be a time with its unit, such as 90s, 30m or 12h, ${range}` });
    return z.NEVER;
  });

export function durationText(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    if (ms % UNIT_MS[unit]! === 0) return `${ms / UNIT_MS[unit]!}${unit}`;
  }
  return `${ms}ms`;
}

const UNIT_BYTES: Readonly<Record<string, number>> = {
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** `64MiB`, `2GB`, as bytes. */
export const byteSize = (minBytes: number, maxBytes: number) =>
  text.transform((raw, context): number => {
    const match = /^(\d+(?:\.\d+)?)\s*([KMG]i?B)$/.exec(raw);
    const bytes = match === null ? Number.NaN : Math.round(Number(match[1]) * UNIT_BYTES[match[2]!]!);
    if (bytes >= minBytes && bytes <= maxBytes) return bytes;
    const range = `from ${minBytes / 2 ** 20} to ${maxBytes / 2 ** 20} MiB`;
    context.addIssue({ code: 'custom', message: `must be a size with its unit, such as 512MiB or 2GB, ${range}` });
    return z.NEVER;
  });

export const count = (min: number, max: number) =>
  text.transform((raw, context): number => {
    if (/^\d+$/.test(raw) && Number(raw) >= min && Number(raw) <= max) return Number(raw);
    context.addIssue({ code: 'custom', message: `must be a whole number from ${min} to ${max}` });
    return z.NEVER;
  });

export const oneOf = <const T extends readonly string[]>(...values: T) =>
  text.transform((raw, context): T[number] => {
    const value = values.find((known) => known === raw);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `must be one of ${values.join(', ')}` });
    return z.NEVER;
  });

export const secretText = z.string().min(1, 'must not be empty');
