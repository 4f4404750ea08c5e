/**
 * Takes the passphrase off a private key, away from the event loop: OpenSSH's derivation costs half a second in plain
 * JavaScript. Answers `{ pem }` or `{ error }` with the library's words, which never hold the key.
 */
import { createPrivateKey } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import ssh2 from 'ssh2';

/** @type {{ pem: string, passphrase: string }} */
const { pem, passphrase } = workerData;

/** @returns {{ pem: string } | { error: string }} */
function unlock() {
  try {
    if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----/m.test(pem)) {
      return { pem: String(createPrivateKey({ key: pem, passphrase }).export({ type: 'pkcs8', format: 'pem' })) };
    }
    const found = ssh2.utils.parseKey(pem, passphrase);
    if (found instanceof Error) return { error: found.message };
    const [key] = [found].flat();
    return key ? { pem: key.getPrivatePEM() } : { error: 'the file holds no key' };
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'unreadable' };
  }
}

parentPort?.postMessage(unlock());
