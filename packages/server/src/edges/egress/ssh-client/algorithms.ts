import type { Algorithms } from 'ssh2';

/**
 * What we offer a host, best first; the client's order wins. Explicit, because the library's defaults still hold SHA-1.
 * Left out on purpose: chacha20 (slow without native code), compression (bombs), and every exchange whose cost the host
 * may choose (group exchange, groups 17 and 18): a hostile host would stall the event loop with 8192-bit arithmetic.
 * Strict key exchange (Terrapin, V28) is offered by the library with any list.
 */
const MODERN = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group14-sha256',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} as const satisfies Algorithms;

/** Added after the modern ones, for a host whose `legacyAlgorithms` is on. */
const LEGACY = {
  kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  serverHostKey: ['ssh-rsa', 'ssh-dss'],
  cipher: ['aes128-cbc', 'aes192-cbc', 'aes256-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-etm@openssh.com', 'hmac-sha1'],
} as const satisfies Algorithms;

export function offeredAlgorithms(legacy: boolean): Algorithms {
  return {
    kex: [...MODERN.kex, ...(legacy ? LEGACY.kex : [])],
    serverHostKey: [...MODERN.serverHostKey, ...(legacy ? LEGACY.serverHostKey : [])],
    cipher: [...MODERN.cipher, ...(legacy ? LEGACY.cipher : [])],
    hmac: [...MODERN.hmac, ...(legacy ? LEGACY.hmac : [])],
    compress: [...MODERN.compress],
  };
}
