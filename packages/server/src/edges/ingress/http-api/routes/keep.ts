/**
 * Deleting and holding recordings, and how long they are kept. Deleting, lifting a hold and changing the policy are an
 * administrator's; an auditor may hold: who freezes evidence need not be who can destroy it.
 */
import { ok } from '@sallyport/core/model/problem.js';
import type { HoldSubject, LegalHold } from '@sallyport/core/model/retention.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import {
  DeletionAnswer,
  GiveReason,
  type HeldAnswer,
  HoldAnswer,
  HoldsAnswer,
  PreviewSweep,
  RetentionAnswer,
  SetRetention,
  SweepAnswer,
  SweepPreviewAnswer,
} from '@sallyport/core/wire/retention-messages.js';
import { EMPTY, json, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function keepRoutes(services: Services): readonly Route[] {
  const { keeper, directory } = services;
  return [
    ...holdRoutes(services, 'recording', 'recordings'),
    ...holdRoutes(services, 'user', 'users'),
    ...holdRoutes(services, 'host', 'hosts'),
    route({
      method: 'DELETE',
      path: '/recordings/{id}',
      summary: 'Deletes a recording for good, with a reason; not while it is held, running or under the floor',
      access: { kind: 'operation', operation: 'recording.delete' },
      params: IdParams,
      body: GiveReason,
      answer: { status: 200, schema: DeletionAnswer },
      async handle({ by, params: { id }, body: { reason } }) {
        const removed = await keeper.remove(id, reason, by);
        return removed.ok ? ok(json(removed.value)) : removed;
      },
    }),
    route({
      method: 'GET',
      path: '/holds',
      summary: 'Legal holds that stand, oldest first',
      access: { kind: 'operation', operation: 'retention.read' },
      answer: { status: 200, schema: HoldsAnswer },
      async handle() {
        const [holds, users, hosts] = await Promise.all([keeper.holds(), directory.users(), directory.hosts()]);
        const names = new Map([...users, ...hosts].map(({ id, name }) => [id, name]));
        return ok(
          json({ items: await Promise.all(holds.map((hold) => held(services, hold, names.get(hold.subjectId)))) }),
        );
      },
    }),
    route({
      method: 'GET',
      path: '/retention',
      summary: 'How long recordings are kept',
      access: { kind: 'operation', operation: 'retention.read' },
      answer: { status: 200, schema: RetentionAnswer },
      async handle() {
        return ok(json({ ...(await keeper.policy()), floorMs: keeper.floorMs }));
      },
    }),
    route({
      method: 'PUT',
      path: '/retention',
      summary: 'Sets the rules and the size goal; of the rules that fit a recording the longest wins',
      access: { kind: 'operation', operation: 'retention.write' },
      body: SetRetention,
      answer: { status: 200, schema: RetentionAnswer },
      async handle({ by, body: { rules, maxBytes } }) {
        const policy = {
          rules: rules.map(({ days, ...rule }) => ({ ...rule, ...(days === undefined ? {} : { days }) })),
          ...(maxBytes === undefined ? {} : { maxBytes }),
        };
        await keeper.setPolicy(policy, by);
        return ok(json({ ...policy, floorMs: keeper.floorMs }));
      },
    }),
    route({
      method: 'GET',
      path: '/retention/preview',
      summary: 'What a sweep would delete now, the oldest first, and by which rule; deletes nothing',
      access: { kind: 'operation', operation: 'retention.read' },
      query: PreviewSweep,
      answer: { status: 200, schema: SweepPreviewAnswer },
      async handle({ query: { limit } }) {
        const { items, ...rest } = await keeper.preview(limit);
        const shown = items.map(({ session, bytes, rule, reason }) => ({
          sessionId: session.id,
          userName: session.userName,
          hostName: session.hostName,
          createdAt: session.createdAt,
          bytes,
          rule,
          reason,
        }));
        return ok(json({ items: shown, ...rest }));
      },
    }),
    route({
      method: 'POST',
      path: '/retention/run',
      summary: 'Sweeps now, one batch; the gateway does so every hour by itself',
      access: { kind: 'operation', operation: 'recording.delete' },
      answer: { status: 200, schema: SweepAnswer },
      async handle({ by, signal }) {
        return ok(json(await keeper.sweep(by, signal)));
      },
    }),
  ];
}

/** A hold with the names of what it covers; of a user or host that is gone, as its sessions have them. */
async function held({ sessions }: Services, hold: LegalHold, name: string | undefined): Promise<HeldAnswer> {
  const { subject, subjectId, reason, by, at } = hold;
  const told = { subject, subjectId, reason, by, at, gone: false };
  if (subject === 'recording') {
    const session = await sessions.get(subjectId);
    return session ? { ...told, recording: { userName: session.userName, hostName: session.hostName } } : told;
  }
  if (name !== undefined) return { ...told, name };
  const of = subject === 'user' ? { userId: subjectId } : { hostId: subjectId };
  const [last] = (await sessions.list({ ...of, sort: '-createdAt', limit: 1 })).items;
  const was = subject === 'user' ? last?.userName : last?.hostName;
  return { ...told, gone: true, ...(was === undefined ? {} : { name: was }) };
}

function holdRoutes({ keeper }: Services, subject: HoldSubject, folder: string): readonly Route[] {
  const covered = subject === 'recording' ? 'a recording' : `all recordings of a ${subject}, also those to come,`;
  return [
    route({
      method: 'PUT',
      path: `/${folder}/{id}/hold`,
      summary: `Puts ${covered} under legal hold; a second hold takes the place of the first`,
      access: { kind: 'operation', operation: 'recording.hold' },
      params: IdParams,
      body: GiveReason,
      answer: { status: 200, schema: HoldAnswer },
      async handle({ by, params: { id }, body: { reason } }) {
        const held = await keeper.hold({ subject, subjectId: id }, reason, by);
        return held.ok ? ok(json(held.value)) : held;
      },
    }),
    route({
      method: 'DELETE',
      path: `/${folder}/{id}/hold`,
      summary: `Lifts the legal hold on ${covered.replace(/,$/, '')}, with a reason`,
      access: { kind: 'operation', operation: 'recording.release' },
      params: IdParams,
      body: GiveReason,
      answer: { status: 204 },
      async handle({ by, params: { id }, body: { reason } }) {
        const lifted = await keeper.release({ subject, subjectId: id }, reason, by);
        return lifted.ok ? ok(EMPTY) : lifted;
      },
    }),
  ];
}
