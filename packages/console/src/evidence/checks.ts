/** All that a bundle can prove by itself, and by a key that its reader brought: one value, worded elsewhere. */
import type { Finding, RecordingReport } from '@sallyport/core/cast/recording-report.js';
import { verifyRecording } from '@sallyport/core/cast/verify-recording.js';
import { blobSource, canVerify, subtleVerifyTools } from '@sallyport/core/cast/web-crypto-tools.js';
import { fromBase64url, toHex } from '@sallyport/core/evidence/base64url.js';
import { type LedgerEntry, ledgerPreimage } from '@sallyport/core/evidence/ledger-entry.js';
import { type ChainPoint, messageOf } from '@sallyport/core/evidence/signed-head.js';
import { readSigningKeys, type SigningKey } from '@sallyport/core/evidence/signing-key.js';
import { auditPreimage } from '@sallyport/core/model/audit.js';
import type { Bundle } from './data-blocks.js';

export interface Count {
  readonly good: number;
  readonly bad: number;
}
export interface Checked {
  readonly report: RecordingReport;
  /** Nothing is wrong with the container, and the ledger’s entry says the same of it. */
  readonly stands: boolean;
  readonly findings: readonly Finding[];
  /** Nothing is wrong with what stands beside it: entries and heads. */
  readonly whole: boolean;
  /** `given`: against keys that the reader brought; else against those in the file. */
  readonly keys: 'given' | 'in-file';
  readonly ledger: Count & { readonly matches: boolean; readonly number?: number };
  readonly heads: Count;
  readonly audit?: Count;
}

const TOOLS = subtleVerifyTools(crypto.subtle);
const FINGERPRINT = /^[A-Za-z0-9_-]{43}$/;

/** Keys that the reader trusts: of a key or key set, or those in the file that have this fingerprint. */
export async function givenKeys(text: string, inFile: readonly SigningKey[]): Promise<readonly SigningKey[] | string> {
  const said = text.trim();
  if (FINGERPRINT.test(said)) {
    const named = inFile.filter(({ id }) => id === said);
    return named.length > 0 ? named : 'no-such-key';
  }
  return await readSigningKeys(said, TOOLS.sha256);
}

export const keysInFile = async ({ facts }: Bundle): Promise<readonly SigningKey[]> => {
  const keys = await readSigningKeys(JSON.stringify({ keys: facts.keys }), TOOLS.sha256);
  return typeof keys === 'string' ? [] : keys;
};

/** undefined: this browser has no Ed25519. */
export async function check(bundle: Bundle, given: readonly SigningKey[] | undefined): Promise<Checked | undefined> {
  if (!(await canVerify(crypto.subtle))) return undefined;
  const { facts, container } = bundle;
  const { session, ledger } = facts;
  const keys = given ?? (await keysInFile(bundle));
  const report = await verifyRecording(blobSource(container), TOOLS, { keys, sessionId: session.id });
  const ended = ledger.findLast((entry) => 'state' in entry);
  const number = ledger.find((entry) => entry.number !== undefined)?.number;
  const matches = ended !== undefined && 'state' in ended && ended.head === report.head && ended.bytes === report.bytes;
  const whole = { from: 0, to: report.bytes, fromUs: 0, toUs: report.durationMs * 1000 };
  const findings: Finding[] = report.findings.filter((one) => !vouched(one, report, ledger));
  if (ended !== undefined && !matches) findings.push({ kind: 'ledger-differs', ...whole, detail: '' });
  if (ended === undefined) findings.push({ kind: 'unlisted', ...whole, detail: '' });
  for (const field of ['userName', 'hostName', 'login'] as const) {
    if (report.sessionId === undefined || report[field] === session[field]) continue;
    findings.push({
      kind: 'row-differs',
      from: 0,
      to: 0,
      fromUs: 0,
      detail: `${field}: ${report[field]} / ${session[field]}`,
    });
  }
  const ledgerHashes = await hashes(ledger, ledgerPreimage);
  const auditHashes = facts.audit && (await hashes(facts.audit.entries, withoutHash));
  const headCount = await signatures(bundle, keys);
  return {
    report,
    stands: findings.length === 0,
    whole: ledgerHashes.bad + headCount.bad + (auditHashes?.bad ?? 0) === 0,
    findings,
    keys: given === undefined ? 'in-file' : 'given',
    ledger: { ...ledgerHashes, matches, ...(number === undefined ? {} : { number }) },
    heads: headCount,
    ...(auditHashes && { audit: auditHashes }),
  };
}

/** A recording from before there were signatures: the ledger holds its head since. */
const vouched = ({ kind }: Finding, report: RecordingReport, ledger: readonly LedgerEntry[]): boolean =>
  kind === 'unsigned' &&
  report.signatures.count === 0 &&
  ledger.some((entry) => entry.kind === 'adopted' && entry.head === report.head);

const withoutHash = ({ hash: _, ...entry }: Parameters<typeof auditPreimage>[0] & { readonly hash: string }): string =>
  auditPreimage(entry);

async function hashes<E extends { readonly hash: string }>(
  entries: readonly E[],
  preimage: (entry: E) => string,
): Promise<Count> {
  let good = 0;
  for (const entry of entries)
    if (toHex(await TOOLS.sha256(new TextEncoder().encode(preimage(entry)))) === entry.hash) good += 1;
  return { good, bad: entries.length - good };
}

const isOf = (
  { seq, hash }: ChainPoint,
  entries: readonly { readonly seq: number; readonly hash: string }[],
): boolean => entries.every((entry) => entry.seq !== seq || entry.hash === hash);

async function signatures({ facts: { heads, ledger, audit } }: Bundle, keys: readonly SigningKey[]): Promise<Count> {
  let [good, bad] = [0, 0];
  for (const head of heads) {
    const key = keys.find(({ id }) => id === head.keyId);
    if (key === undefined) continue; // of a key that the reader did not give
    const publicKey = fromBase64url(key.x);
    const signed = messageOf(head);
    const fits = publicKey && signed && (await TOOLS.ed25519(publicKey, signed.message, signed.signature));
    // A head that ends in an entry of this file vouches for that entry.
    if (fits && isOf(head.ledger, ledger) && isOf(head.audit, audit?.entries ?? [])) good += 1;
    else bad += 1;
  }
  return { good, bad };
}
