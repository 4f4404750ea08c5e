/** What is known of the session, as the gateway told it when the bundle was made. */
import { sessionEvents } from '@sallyport/core/evidence/session-events.js';
import type { AuditEntry } from '@sallyport/core/model/audit.js';
import { endWords } from '@sallyport/core/model/end-words.js';
import { lengthText } from '@sallyport/core/model/session-length.js';
import { actions as english } from '../i18n/en/actions.js';
import { details as englishDetails } from '../i18n/en/details.js';
import type { Format } from '../i18n/format.js';
import { actions as chinese } from '../i18n/zh-CN/actions.js';
import { details as chineseDetails } from '../i18n/zh-CN/details.js';
import type { Bundle } from './data-blocks.js';
import { el, factList, section, seen, tableOf } from './dom.js';
import type { Language, Words } from './words.js';

export interface Telling {
  readonly language: Language;
  readonly words: Words;
  readonly format: Format;
}

const wordOf = (words: Readonly<Record<string, string>>, key: string): string =>
  Object.hasOwn(words, key) ? (words[key] ?? key) : key;

export function factsCard({ facts }: Bundle, { language, words, format }: Telling): HTMLElement {
  const { session, recording } = facts;
  const { origin, endReason } = session;
  const rows: (readonly [string, Node | string])[] = [
    [words.user, seen(session.userName)],
    [words.host, seen(session.hostName)],
    [words.address, seen(session.hostAddress)],
    [words.login, seen(session.login)],
    [words.source, seen(session.sourceAddress)],
    [words.began, format.dateTimeFull(session.liveAt ?? session.createdAt)],
    ...(session.endedAt === undefined ? [] : [[words.ended, format.dateTimeFull(session.endedAt)] as const]),
    [words.length, lengthText(recording.durationMs)],
    ...(endReason === undefined ? [] : [[words.reason, seen(endWords(endReason, language))] as const]),
    [words.size, `${session.cols} × ${session.rows}`],
    [words.state, `${words.states[recording.state]}, ${format.bytes(recording.sizeBytes)}`],
    [words.id, el('code', {}, seen(session.id))],
  ];
  if (origin !== undefined) {
    const { fileName, importedBy, importedAt } = origin;
    rows.push([words.origin, words.originText(seen(fileName), seen(importedBy), format.dateTimeFull(importedAt))]);
  }
  if (facts.contentKey !== undefined) rows.push([words.encrypted, words.encryptedText]);
  return section(words.facts, factList(rows));
}

const LOOKS: readonly string[] = ['recording.replay', 'recording.view', 'recording.download'];

/** Who looked at it afterwards, and who looked on while it ran. */
export function viewersCard(bundle: Bundle, telling: Telling): HTMLElement | undefined {
  const { words, format } = telling;
  const { facts } = bundle;
  if (facts.audit === undefined) return undefined;
  const seenBy = new Map<string, AuditEntry[]>();
  for (const entry of facts.audit.entries) {
    if (!LOOKS.includes(entry.action) || entry.result !== 'ok') continue;
    seenBy.set(entry.actor, [...(seenBy.get(entry.actor) ?? []), entry]);
  }
  const rows = [...seenBy].map(([actor, entries]) => [
    seen(actor),
    String(entries.length),
    format.dateTimeFull(entries[0]?.at ?? 0),
    format.dateTimeFull(entries.at(-1)?.at ?? 0),
  ]);
  const watched = watchings(bundle, telling);
  if (rows.length === 0 && watched.length === 0) return section(words.viewers, el('p', {}, words.viewersNone));
  const { who, from, length, how } = words;
  return section(
    words.viewers,
    rows.length === 0 ? undefined : tableOf([who, words.times, words.first, words.last], rows, words.viewers),
    ...(watched.length === 0
      ? []
      : [el('h3', {}, words.watchers), tableOf([who, from, length, how], watched, words.watchers)]),
  );
}

/** Each watching of the running session: who, from when, how long. */
function watchings({ facts }: Bundle, { words, format }: Telling): readonly (readonly string[])[] {
  // Whoever has the bundle has its audit rows.
  const reader = { readsAudit: true, userId: '', toldOfWatchers: true };
  const ended = facts.session.endedAt;
  return sessionEvents(facts.audit?.entries ?? [], reader).flatMap(({ kind, by, at, until = ended, wall }) =>
    kind !== 'watched'
      ? []
      : [
          [
            seen(by),
            format.dateTimeFull(at),
            until === undefined ? '' : lengthText(Math.max(0, until - at)),
            wall === true ? words.onWall : words.onPage,
          ],
        ],
  );
}

export function auditCard({ facts }: Bundle, { language, words, format }: Telling): HTMLElement {
  const { audit } = facts;
  if (audit === undefined) return section(words.audit, el('p', {}, words.auditNone));
  const actions: Readonly<Record<string, string>> = language === 'en' ? english : chinese;
  const details: Readonly<Record<string, string>> = language === 'en' ? englishDetails : chineseDetails;
  const rows = audit.entries.map(({ seq, at, action, result, actor, source, detail = {}, hash }) => [
    String(seq),
    format.dateTimeFull(at),
    wordOf(actions, action),
    wordOf(words.results, result),
    seen(actor),
    seen(source),
    Object.entries(detail)
      .map(([key, value]) => `${seen(wordOf(details, key))}: ${seen(String(value))}`)
      .join('; '),
    el('code', { title: seen(hash) }, seen(hash).slice(0, 12)),
  ]);
  const { number, at, action, result, who, source, detail, hash } = words;
  return section(
    words.audit,
    audit.leftOut > 0 ? el('p', {}, words.auditLeftOut(audit.leftOut)) : undefined,
    tableOf([number, at, action, result, who, source, detail, hash], rows, words.audit),
  );
}

export function ledgerCard({ facts }: Bundle, { words, format }: Telling): HTMLElement {
  const entries = facts.ledger.map(({ seq, at, kind, hash, number }) => [
    String(seq),
    format.dateTimeFull(at),
    `${wordOf(words.ledgerKinds, kind)}${number === undefined ? '' : ` (${number})`}`,
    el('code', {}, seen(hash)),
  ]);
  const heads = facts.heads.map(({ at, audit, ledger, keyId }) => [
    format.dateTimeFull(at),
    String(audit.seq),
    String(ledger.seq),
    el('code', {}, seen(keyId)),
  ]);
  const keys = facts.keys.map(({ kid, validFrom, validUntil }) => [
    el('code', {}, seen(kid)),
    validFrom === undefined ? '' : format.dateTimeFull(validFrom),
    validUntil === undefined ? words.inForce : format.dateTimeFull(validUntil),
  ]);
  const { number, at, action, hash, rows, ledger, key, from, until } = words;
  return section(
    words.ledgerTitle,
    tableOf([number, at, action, hash], entries, words.ledgerTitle),
    el('h3', {}, words.headsTitle),
    tableOf([at, rows, ledger, key], heads, words.headsTitle),
    el('h3', {}, words.keysTitle),
    tableOf([key, from, until], keys, words.keysTitle),
  );
}
