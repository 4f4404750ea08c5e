/** The audit log: list, check of the chain, export as JSON lines. */
import { Readable } from 'node:stream';
import type { AuditEntry } from '@sallyport/core/model/audit.js';
import { fail, ok } from '@sallyport/core/model/problem.js';
import { escapedJson } from '@sallyport/core/terminal/escaped-json.js';
import { AuditAnswer, AuditVerifyAnswer, pageOf } from '@sallyport/core/wire/api-answers.js';
import { ListAudit } from '@sallyport/core/wire/api-requests.js';
import { json, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function auditRoutes({ audit, evidence }: Services): readonly Route[] {
  const access = { kind: 'operation', operation: 'audit.read' } as const;
  return [
    route({
      method: 'GET',
      path: '/audit',
      summary: 'Lists audit entries, newest first',
      access,
      query: ListAudit,
      answer: { status: 200, schema: pageOf(AuditAnswer) },
      async handle({ query: { limit, cursor, action, actor, target } }) {
        const before = cursor === undefined ? undefined : Number(cursor);
        if (before !== undefined && !(Number.isSafeInteger(before) && before > 0)) {
          return fail('request.invalid', { detail: 'cursor' });
        }
        const items = await audit.list({
          limit,
          ...(action === undefined ? {} : { action }),
          ...(actor === undefined ? {} : { actor }),
          ...(target === undefined ? {} : { target }),
          ...(before === undefined ? {} : { before }),
        });
        const last = items.at(-1);
        return ok(json({ items, ...(last && items.length === limit ? { next: String(last.seq) } : {}) }));
      },
    }),
    route({
      method: 'GET',
      path: '/audit/verify',
      summary:
        'Checks audit log, ledger, signed heads, files and rows against each other; names what does not fit (V47)',
      access,
      answer: { status: 200, schema: AuditVerifyAnswer },
      async handle({ by }) {
        const report = await evidence.check();
        const first = report.findings.find(({ kind }) => kind === 'audit') ?? report.findings[0];
        // A log so damaged that nothing can be appended must still be told.
        await audit.append({ action: 'audit.verify', result: report.ok ? 'ok' : 'failed', ...by }).catch(() => {});
        return ok(
          json({
            ok: report.ok,
            entries: report.audit.entries,
            head: report.audit.head,
            ...(first?.seq === undefined ? {} : { badSeq: first.seq }),
            ...(first === undefined ? {} : { detail: first.detail }),
            ledger: report.ledger,
            heads: report.heads,
            keyIds: report.keyIds,
            findings: report.findings,
          }),
        );
      },
    }),
    route({
      method: 'GET',
      path: '/audit/export',
      summary: 'All audit entries, oldest first, one JSON object per line',
      access,
      answer: { status: 200, mediaType: 'application/x-ndjson' },
      async handle({ by }) {
        await audit.append({ action: 'audit.export', result: 'ok', ...by });
        return ok({
          kind: 'bytes',
          status: 200,
          headers: {
            'content-type': 'application/x-ndjson',
            'content-disposition': 'attachment; filename="sallyport-audit.jsonl"',
          },
          body: Readable.from(lines(audit.stream(1)), { objectMode: false }),
        });
      },
    }),
  ];
}

async function* lines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) {
    yield `${escapedJson(JSON.stringify(entry))}\n`;
  }
}
