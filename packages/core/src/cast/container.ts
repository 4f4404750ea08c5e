/**
 * The recording container (.sprec): a preamble, then chunks, append-only. docs/formats/recording.md gives every byte.
 *
 * A file may end anywhere (kill, full disk, power cut): whatever stands before the first incomplete chunk is whole and
 * plays. Bytes are kept as the target sent them; a JSON line per chunk (asciicast) costs more CPU than the relay itself
 * and cannot hold bytes that are not UTF-8, so asciicast is an export.
 *
 * Room for later: chunk kinds and event types unknown to a reader are skipped by their length, headers may grow, and
 * only the flags of MUST_UNDERSTAND_FLAGS make an older reader stop.
 */
export const FORMAT_MAJOR = 1;
export const FORMAT_MINOR = 0;

/** 0x89 and CR LF find transfers that are not binary-safe, as in PNG. */
const SIGNATURE = Uint8Array.of(0x89, 0x53, 0x50, 0x52, 0x45, 0x43, 0x0d, 0x0a);
export const PREAMBLE_BYTES = 16;

export const CHUNK_KIND = {
  HEADER: 1, // who, where, when: always the first chunk
  EVENTS: 2,
  KEYFRAME: 3, // reserved: the screen at a moment
  INDEX: 4, // positions of some chunks by time and offset
  SEAL: 5, // the end of the recording
  SIGNATURE: 6, // reserved: signs the chain up to the chunk before it
} as const;
export const CHUNK_FLAG = {
  GZIP: 0x01, // the stored payload is one gzip member
  ENCRYPTED: 0x02, // the stored payload is encrypted, after compression
  OPENED: 0x10, // never in a file: it was, and was decrypted by who hands the bytes out; its hash is of what is stored
} as const;
/** A reader that meets an unknown flag among these must stop at the chunk; others it may ignore. */
export const MUST_UNDERSTAND_FLAGS = 0x0f;

export const EVENT_TYPE = {
  OUTPUT: 1,
  RESIZE: 2,
  INPUT: 3, // what was typed: written by an import that asked for it, never by a session
  MARKER: 4, // a label at a moment
  GAP: 5, // reserved
} as const;

export const CHUNK_MAGIC = 0x5350434b; // "SPCK"
export const CHUNK_HEADER_BYTES = 88;
/** A marker's label, in bytes of UTF-8. */
export const MAX_LABEL_BYTES = 1024;
export const HASH_BYTES = 32;
/** After the payload: the hash, then the chunk's whole length, so that a file can also be walked from its end. */
export const CHUNK_TRAILER_BYTES = HASH_BYTES + 4;
/** A reader refuses larger chunks: bounds its memory whatever a file claims (raw and stored). */
export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;
export const MAX_CHUNK_HEADER_BYTES = 1024;

export function encodePreamble(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PREAMBLE_BYTES);
  bytes.set(SIGNATURE);
  bytes[8] = FORMAT_MAJOR;
  bytes[9] = FORMAT_MINOR;
  return bytes;
}

/** undefined when the bytes begin a recording this reader understands; else the reason. */
export function checkPreamble(bytes: Uint8Array): string | undefined {
  if (bytes.length < PREAMBLE_BYTES) return 'the file ends within its preamble';
  if (SIGNATURE.some((byte, at) => bytes[at] !== byte)) return 'not a Sallyport recording';
  if (bytes[8] !== FORMAT_MAJOR) return `format version ${bytes[8]}, this reader knows ${FORMAT_MAJOR}`;
  return undefined;
}
