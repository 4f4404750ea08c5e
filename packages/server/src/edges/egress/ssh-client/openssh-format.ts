import { type KeyObject, randomBytes } from 'node:crypto';

/** The parts of OpenSSH's own key format (PROTOCOL.key) that the library leaves to us. */
const MAGIC = Buffer.from('openssh-key-v1\0');
const ARMOUR = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END OPENSSH PRIVATE KEY-----/;

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const string = (value: Buffer | string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
};

/** Rounds of the passphrase derivation, 0 when there are none or the text is something else. */
export function kdfRounds(pem: string): number {
  const body = ARMOUR.exec(pem)?.[1];
  if (body === undefined) return 0;
  const bytes = Buffer.from(body, 'base64');
  const fields = readStrings(bytes, MAGIC.length, 3);
  const options = fields[2];
  if (!options || options.length < 8) return 0;
  const salt = options.readUInt32BE(0);
  return options.length >= 8 + salt ? options.readUInt32BE(4 + salt) : 0;
}

/** Length of the modulus of an RSA key in wire form. */
export function rsaBits(wireForm: Buffer): number {
  const modulus = readStrings(wireForm, 0, 3)[2];
  if (!modulus) return 0;
  const lead = modulus.findIndex((byte) => byte !== 0);
  const first = modulus[lead];
  return first === undefined ? 0 : (modulus.length - lead) * 8 - Math.clz32(first) + 24;
}

function readStrings(bytes: Buffer, from: number, count: number): readonly Buffer[] {
  const found: Buffer[] = [];
  let at = from;
  while (found.length < count && at + 4 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) break;
    found.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

/** An Ed25519 key as unencrypted OpenSSH text: the only form of it the library reads. It never leaves memory. */
export function edwardsKeyAsOpenSsh(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const publicHalf = Buffer.from(x, 'base64url');
  const wireForm = Buffer.concat([string('ssh-ed25519'), string(publicHalf)]);
  const check = randomBytes(4);
  const inner = Buffer.concat([
    check,
    check,
    string('ssh-ed25519'),
    string(publicHalf),
    string(Buffer.concat([Buffer.from(d, 'base64url'), publicHalf])),
    string(''),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const outer = Buffer.concat([
    MAGIC,
    string('none'),
    string('none'),
    string(''),
    uint32(1),
    string(wireForm),
    string(Buffer.concat([inner, padding])),
  ]);
  const lines = outer.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}
