/** Signatures and verifications over the HTTP API. */
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  RecordingVerifyAnswer,
  SignedHeadAnswer,
  SigningKeysAnswer,
} from '@sallyport/core/wire/evidence-messages.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, type Gate, openGate, type Person } from '../fixtures/http-gate.js';

let gate: Gate;
let admin: Person;
let auditor: Person;
let operator: Person;
beforeAll(async () => {
  gate = await openGate();
  admin = await gate.person('anna', 'admin');
  auditor = await gate.person('otto', 'auditor');
  operator = await gate.person('olga', 'operator');
});
afterAll(() => gate.close());

const read = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
const file = (id: string): string => join(gate.folder, 'recordings', id.slice(0, 2), `${id}.sprec`);
const keys = () => read<SigningKeysAnswer>(fetch(`${gate.url}/api/v1/signing-keys`));

test('public keys are for anybody, and hold nothing private', async () => {
  const { keys: all } = await keys();
  expect(all).toHaveLength(1);
  expect(Object.keys(all[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'validFrom', 'x']);
});

test('V47: a recording is verified, its owner and auditors may ask, and each asking is an audit entry', async () => {
  const { id } = await gate.recorded(operator, ['one', 'two']);
  for (const person of [operator, auditor]) {
    const verdict = await read<RecordingVerifyAnswer>(person.ask('GET', `recordings/${id}/verify`));
    expect(verdict).toMatchObject({ ok: true, state: 'complete', growing: false, findings: [] });
    expect(verdict.number).toBeGreaterThan(0);
    expect(verdict.signatures).toMatchObject({ count: 1, keyIds: [(await keys()).keys[0]!.kid] });
  }
  expect(await gate.auditRows('recording.verify')).toBe(2);
  const stranger = await gate.person('nora', 'operator');
  expect(await codeOf(await stranger.ask('GET', `recordings/${id}/verify`))).toBe('not-found'); // W5: as if it were not there
  const none = await auditor.ask('GET', `recordings/${'0'.repeat(26)}/verify`);
  expect(none.status).toBe(404);
});

test('V47: damage and a missing file are named, by the recording and by the check of everything', async () => {
  const [hurt, gone] = [await gate.recorded(operator, ['abc']), await gate.recorded(operator, ['def'])];
  expect(await read(auditor.ask('GET', 'audit/verify'))).toMatchObject({ ok: true, findings: [] });
  const bytes = readFileSync(file(hurt.id));
  const at = bytes.indexOf('abc');
  bytes[at]! ^= 1;
  writeFileSync(file(hurt.id), bytes);
  unlinkSync(file(gone.id));
  const verdict = await read<RecordingVerifyAnswer>(auditor.ask('GET', `recordings/${hurt.id}/verify`));
  const [finding] = verdict.findings;
  expect(verdict.ok).toBe(false);
  expect(finding).toMatchObject({ kind: 'changed', chunk: 1 });
  expect(finding!.from).toBeLessThanOrEqual(at);
  expect(finding!.to).toBeGreaterThan(at);
  expect(await read(auditor.ask('GET', `recordings/${gone.id}/verify`))).toMatchObject({
    ok: false,
    findings: [{ kind: 'missing' }],
  });
  expect(await read(auditor.ask('GET', 'audit/verify'))).toMatchObject({
    ok: false,
    findings: [{ kind: 'recording-missing', sessionId: gone.id }],
  });
});

test('V47: no answer is older than its question, also when the file keeps its length', async () => {
  const { id } = await gate.recorded(operator, ['pay 10']);
  const good = readFileSync(file(id));
  const bad = Buffer.from(good);
  bad[bad.indexOf('pay')]! ^= 1;
  const asked = async () =>
    (await read<RecordingVerifyAnswer>(auditor.ask('GET', `recordings/${id}/verify`))).findings.map(({ kind }) => kind);
  for (const [bytes, findings] of [
    [good, []],
    [bad, ['changed']],
    [good, []],
  ] as const) {
    writeFileSync(file(id), bytes);
    expect(await asked()).toEqual(findings);
  }
  writeFileSync(file(id), bad);
  expect(await Promise.all([asked(), asked(), asked()])).toEqual([['changed'], ['changed'], ['changed']]);
});

test('only an administrator rotates; both keys stay published and earlier recordings stand', async () => {
  const { id } = await gate.recorded(operator, ['before']);
  expect((await auditor.ask('POST', 'signing-keys/rotate')).status).toBe(403);
  const next = await read<{ kid: string }>(admin.ask('POST', 'signing-keys/rotate'));
  const { keys: all } = await keys();
  expect(all.map(({ kid }) => kid)).toContain(next.kid);
  expect(all.map(({ validUntil }) => validUntil !== undefined)).toEqual([true, false]);
  expect(await gate.auditRows('signing-key.rotate')).toBe(1);
  const after = await gate.recorded(operator, ['after']);
  for (const [one, kid] of [
    [id, all[0]!.kid],
    [after.id, next.kid],
  ])
    expect(await read(auditor.ask('GET', `recordings/${one}/verify`))).toMatchObject({
      ok: true,
      signatures: { keyIds: [kid] },
    });
  const heads = await read<{ items: SignedHeadAnswer[] }>(auditor.ask('GET', 'signed-heads?limit=500'));
  expect(heads.items.at(-1)?.keyId).toBe(next.kid);
  expect(heads.items.at(-2)?.keyId).toBe(all[0]!.kid);
});
