/**
 * The chain: each entry's hash covers its own fields and the hash before it, so that a changed, removed, added or moved
 * entry breaks it at that place. The head (last sequence number and hash) stands apart from the entries, so that a cut
 * tail shows too. Who can write the whole file can still write a whole new chain; a head kept elsewhere catches that
 * (docs/formats/audit-chain.md).
 */
import { createHash } from 'node:crypto';
import type { ChainPoint } from '@sallyport/core/evidence/signed-head.js';
import { type AuditEntry, type AuditEvent, auditPreimage } from '@sallyport/core/model/audit.js';

const hashOf = (entry: Omit<AuditEntry, 'hash'>): string =>
  createHash('sha256').update(auditPreimage(entry), 'utf8').digest('hex');

/** The entry that follows `head`. */
export function chained(head: ChainPoint, at: number, event: AuditEvent): AuditEntry {
  const entry = { ...event, seq: head.seq + 1, at, prevHash: head.hash };
  return { ...entry, hash: hashOf(entry) };
}

/** What is wrong with `entry` as the one after `head`, and with which entry; undefined when nothing is. */
export function breach(head: ChainPoint, entry: AuditEntry): { badSeq: number; detail: string } | undefined {
  const due = head.seq + 1;
  if (entry.seq !== due) return { badSeq: due, detail: `entry ${due} is missing` };
  const { hash, ...rest } = entry;
  if (hash !== hashOf(rest)) return { badSeq: due, detail: `entry ${due} was changed` };
  if (entry.prevHash !== head.hash) return { badSeq: due, detail: `entry ${due} does not follow entry ${head.seq}` };
  return undefined;
}

/** Longer text is cut: an entry is a line in a log, and some of its text comes from strangers. */
const TEXT_MAX_CHARS = 2_000;

/** The event as it will be read back: what a database cannot hold (NUL, half a surrogate pair) is replaced first. */
export function storable(event: AuditEvent): AuditEvent {
  const { action, result, actor, actorId, source, target, detail } = event;
  return {
    action,
    result,
    actor: text(actor),
    ...(actorId === undefined ? {} : { actorId: text(actorId) }),
    source: text(source),
    ...(target === undefined ? {} : { target: text(target) }),
    ...(detail === undefined ? {} : { detail: texts(detail) }),
  };
}

function text(raw: string): string {
  const cut = raw.length > TEXT_MAX_CHARS ? `${raw.slice(0, TEXT_MAX_CHARS)}…` : raw;
  return Buffer.from(cut.replaceAll('\0', '\ufffd')).toString();
}

function texts(detail: NonNullable<AuditEvent['detail']>): NonNullable<AuditEvent['detail']> {
  const given = Object.entries(detail).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [text(key), typeof value === 'string' ? text(value) : value]));
}
