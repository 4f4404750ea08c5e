/** The chain of the ledger: makes the entry after a head, and says what is wrong with one. Pure; SHA-256 is an argument. */
import { toHex } from './base64url.js';
import { type LedgerEntry, type LedgerEvent, ledgerPreimage } from './ledger-entry.js';
import type { ChainPoint } from './signed-head.js';

type Sha256 = (bytes: Uint8Array) => Uint8Array;

const hashOf = (entry: Omit<LedgerEntry, 'hash'>, sha256: Sha256): string =>
  toHex(sha256(new TextEncoder().encode(ledgerPreimage(entry))));

export function nextEntry(
  head: ChainPoint,
  at: number,
  event: LedgerEvent,
  number: number | undefined,
  sha256: Sha256,
): LedgerEntry {
  const entry = {
    ...event,
    seq: head.seq + 1,
    at,
    ...(number === undefined ? {} : { number }),
    prevHash: head.hash,
  };
  return { ...entry, hash: hashOf(entry, sha256) };
}

/** What is wrong with `entry` as the one after `head`, and with which; undefined when nothing is. */
export function ledgerBreach(
  head: ChainPoint,
  entry: LedgerEntry,
  sha256: Sha256,
): { badSeq: number; detail: string } | undefined {
  const due = head.seq + 1;
  if (entry.seq !== due) return { badSeq: due, detail: `ledger entry ${due} is missing` };
  if (entry.hash !== hashOf(entry, sha256)) return { badSeq: due, detail: `ledger entry ${due} was changed` };
  if (entry.prevHash !== head.hash)
    return { badSeq: due, detail: `ledger entry ${due} does not follow entry ${head.seq}` };
  return undefined;
}
