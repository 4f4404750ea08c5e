/** The evidence bundle over HTTP: who gets it, what is in it, when it is refused. */
import { randomBytes } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_CONTAINER_BYTES } from '@sallyport/core/evidence/evidence-bundle.js';
import type { Session } from '@sallyport/core/model/session.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, type Gate, openGate, type Person } from '../fixtures/http-gate.js';

const EVIL = '</script><script>alert(1)</script>';
let gate: Gate;
let owner: Person;
let other: Person;
let auditor: Person;
let session: Session;
beforeAll(async () => {
  gate = await openGate();
  owner = await gate.person('olga', 'operator');
  other = await gate.person('oscar', 'operator');
  auditor = await gate.person(`ann${EVIL}`, 'auditor');
  session = await gate.recorded(owner, [EVIL, randomBytes(1_200_000).toString('base64'), '中文']);
});
afterAll(() => gate.close());

const ask = (person: Person, id = session.id) => person.ask('GET', `recordings/${id}/evidence`);
const factsIn = (html: string) =>
  JSON.parse(/id="sallyport-facts">([^<]*)</.exec(html)?.[1] ?? '') as Record<string, unknown>;
const piecesIn = (html: string) =>
  [...html.matchAll(/class="sallyport-container" data-bytes="(\d+)">([^<]*)</g)].map(([, bytes, base64 = '']) => {
    const piece = Buffer.from(base64, 'base64');
    expect(piece.length).toBe(Number(bytes));
    return piece;
  });

test('the container’s very bytes, in pieces, and nothing of a stranger outside a data block (V33)', async () => {
  const answer = await ask(auditor);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toContain('attachment');
  const html = await answer.text();
  const raw = await auditor.ask('GET', `recordings/${session.id}/export?format=raw`);
  const pieces = piecesIn(html);
  expect(pieces.length).toBeGreaterThan(1);
  expect(Buffer.concat(pieces).equals(Buffer.from(await raw.arrayBuffer()))).toBe(true);
  expect(html).not.toContain(EVIL);
  expect(html).not.toContain('alert(1)</script>');
  expect(html.startsWith('<!doctype html><title>page</title><script type="application/json"')).toBe(true);
  expect(html.endsWith('</script>\n<p>end')).toBe(true);
});

test('S11: session, ledger, heads, keys and the entries about it, this download too', async () => {
  const before = await gate.auditRows('recording.download');
  const facts = factsIn(await (await ask(auditor)).text());
  expect(await gate.auditRows('recording.download')).toBe(before + 1);
  expect(facts).toMatchObject({
    version: 1,
    madeBy: auditor.name,
    session: { id: session.id, userName: 'olga' },
    recording: { state: 'complete' },
    ledger: [{ kind: 'opened' }, { kind: 'sealed' }],
    keys: [{ kty: 'OKP', crv: 'Ed25519' }],
  });
  expect(JSON.stringify(facts)).not.toMatch(/nodeId|leaseUntil|contentKey/);
  const { entries } = facts.audit as { entries: { seq: number; target: string; action: string }[] };
  expect(entries.every(({ target }) => target.endsWith(`:${session.id}`))).toBe(true);
  expect(entries.at(-1)).toMatchObject({ action: 'recording.download', detail: { format: 'evidence' } });
  // The head that was signed for it ends in this very entry.
  const heads = facts.heads as { audit: { seq: number; hash: string } }[];
  expect(heads.at(-1)?.audit).toMatchObject({ seq: entries.at(-1)?.seq });
});

test('W5: another’s is unknown; one’s own comes without the audit entries', async () => {
  expect((await ask(other)).status).toBe(404);
  const facts = factsIn(await (await ask(owner)).text());
  expect(facts).not.toHaveProperty('audit');
  expect(facts).toHaveProperty('ledger');
});

test('refused while it runs, and above what a browser opens, with what to do instead', async () => {
  const before = await gate.auditRows('recording.download');
  const big = await gate.recorded(owner, ['big']);
  const file = join(gate.folder, 'recordings', big.id.slice(0, 2), `${big.id}.sprec`);
  truncateSync(file, MAX_CONTAINER_BYTES + 1);
  const refused = await ask(auditor, big.id);
  expect(refused.status).toBe(413);
  expect(await refused.json()).toMatchObject({
    code: 'evidence.too-large',
    next: expect.stringContaining('sallyport-verify'),
  });

  const at = Date.now();
  const id = `${'r'.repeat(25)}1`;
  const running: Session = { ...session, id, state: 'opening', createdAt: at };
  await gate.sessions.create(running);
  const size = { cols: 80, rows: 24 };
  const names = { userName: 'olga', hostName: 'web1', login: 'root', title: '', term: 'xterm' };
  const writer = await gate.recordings.create({ sessionId: id, startedAt: at, size, ...names });
  const asked = await ask(auditor, id);
  expect(asked.status).toBe(409);
  expect(await codeOf(asked)).toBe('evidence.running');
  await writer.seal(1);
  expect(await gate.auditRows('recording.download')).toBe(before);
});
