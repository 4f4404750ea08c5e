/** The verification in plain words. */
import { type Finding, sessionTime } from '@sallyport/core/cast/recording-report.js';
import type { Format } from '../i18n/format.js';
import type { Checked } from './checks.js';
import { el, factList, seen, tableOf } from './dom.js';
import type { Words } from './words.js';

export function verdictCard(checked: Checked | 'checking' | 'cannot', words: Words, format: Format): HTMLElement {
  if (checked === 'checking') return el('section', { class: 'card', role: 'status' }, el('p', {}, words.checking));
  if (checked === 'cannot')
    return el('section', { class: 'card verdict warn', role: 'status' }, el('p', {}, words.cannot));
  const { stands, findings, keys, report } = checked;
  const otherKey = keys === 'given' && findings.every(({ kind }) => kind === 'unknown-key' || kind === 'unsigned');
  const verdict = stands ? (checked.whole ? 'stands' : 'beside') : otherKey ? 'other-key' : 'damaged';
  const tone = { stands: 'ok', beside: 'warn', 'other-key': 'bad', damaged: 'bad' }[verdict];
  const said = { stands: words.stands, beside: words.beside, 'other-key': words.keyUnknown, damaged: words.damaged }[
    verdict
  ];
  const more = stands ? (keys === 'given' ? words.standsByKey : words.standsInFile) : undefined;
  const { signatures } = report;
  const fingerprint = signatures.keyIds.map((id) => el('code', {}, id));
  return el(
    'section',
    {
      class: `card verdict ${tone}`,
      role: 'status',
      'data-verdict': verdict,
    },
    el('h2', {}, said),
    more === undefined ? undefined : el('p', {}, more),
    findings.length === 0 ? undefined : findingTable(findings, words),
    factList([
      [
        words.chain,
        findings.some(({ chunk }) => chunk !== undefined)
          ? words.chainBad(report.chunks)
          : words.chainText(report.chunks, format.bytes(report.bytes)),
      ],
      [
        words.signatures,
        signatures.last === undefined
          ? words.none
          : words.signaturesText(signatures.count, format.dateTimeFull(signatures.last.signedAt)),
      ],
      ...(fingerprint.length === 0 ? [] : [[words.key, el('span', {}, ...fingerprint)] as const]),
      [words.head, el('code', {}, report.head)],
      [words.ledger, checked.ledger.matches ? words.ledgerText(String(checked.ledger.number ?? '?')) : words.ledgerBad],
      [words.heads, words.headsText(checked.heads.good, checked.heads.bad)],
      ...(checked.audit ? [[words.rows, words.rowsText(checked.audit.good, checked.audit.bad)] as const] : []),
    ]),
    el('p', { class: 'small' }, words.rowsLimit),
  );
}

function findingTable(findings: readonly Finding[], words: Words): HTMLElement {
  const rows = findings.map(({ kind, detail, chunk, from, to, fromUs, toUs }) => [
    `${words.findings[kind]}${detail === '' ? '' : ` (${seen(detail)})`}`,
    to > from ? `${from} – ${to - 1}` : String(from),
    chunk === undefined ? '' : String(chunk),
    `${sessionTime(fromUs)}${toUs === undefined ? '' : ` – ${sessionTime(toUs)}`}`,
  ]);
  return tableOf([words.what, words.where, words.chunk, words.when], rows, words.found);
}
