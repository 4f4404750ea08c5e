/** What decoding needs, as browsers have it. */
import type { DecodeTools } from '@sallyport/core/cast/decode-recording.js';
import { payloadCounter } from '@sallyport/core/cast/payload-cipher.js';
import { own, subtleSha256 } from '@sallyport/core/cast/web-crypto-tools.js';
import { gunzip } from '../replay/browser-tools.js';

/** `contentKey`: of an encrypted recording. */
export function decodeTools(contentKey: Uint8Array | undefined): DecodeTools {
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined) return { gunzip };
  const sha256 = subtleSha256(subtle);
  if (contentKey === undefined) return { gunzip, sha256 };
  const key = subtle.importKey('raw', own(contentKey), 'AES-CTR', false, ['decrypt']);
  const decrypt = async (sequence: number, stored: Uint8Array): Promise<Uint8Array> => {
    const how = { name: 'AES-CTR', counter: payloadCounter(sequence), length: 64 };
    return new Uint8Array(await subtle.decrypt(how, await key, own(stored)));
  };
  return { gunzip, sha256, decrypt };
}
