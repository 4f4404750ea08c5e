/** Sessions: everybody their own, with `session.list` all. Somebody else's is answered like an unknown one (W5). */
import { fail, ok } from '@sallyport/core/model/problem.js';
import { roleMay } from '@sallyport/core/model/role.js';
import type { Session, SessionState } from '@sallyport/core/model/session.js';
import { pageOf, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { IdParams, ListSessions } from '@sallyport/core/wire/api-requests.js';
import type { z } from 'zod';
import type { CurrentSignIn } from '../../../../gateway/ports/identity.js';
import { type KeptFacts, keptFacts } from '../kept-facts.js';
import { createRecordingFacts } from '../recording-facts.js';
import { json, type Route, route } from '../route.js';
import type { Services } from '../services.js';
import { OPEN_STATES, OVER_STATES } from './in-use.js';

export function sessionRoutes({ gateway, sessions, recordings, keeper, clock }: Services): readonly Route[] {
  const facts = createRecordingFacts(recordings);
  /** Who looks on and who holds the keys: not a user's to find out here, whatever the rule tells their page. */
  const aroundOf = ({ id, state }: Session) => {
    if (!RUNNING.has(state)) return {};
    const frozen = gateway.frozen(id);
    return {
      watchers: gateway.watchersOf(id),
      ...(frozen ? { frozen } : {}),
      ...(gateway.unwatched(id) ? { unwatched: true } : {}),
    };
  };
  /** A row is stored when the recording is sealed, and a disk may take its time. */
  const stateNow = ({ id, state }: Session): SessionState =>
    RUNNING.has(state) && gateway.ending(id) ? 'ending' : state;
  const present = async (session: Session, who: CurrentSignIn, kept: KeptFacts | undefined): Promise<unknown> => {
    const recording = kept?.deletion === undefined ? await facts.of(session) : undefined;
    return {
      ...session,
      state: stateNow(session),
      outputBytes: gateway.outputBytes(session.id) ?? session.outputBytes,
      resumable: session.userId === who.user.id && gateway.resumable(session.id),
      ...(roleMay(who.principal.role, 'session.list') ? aroundOf(session) : {}),
      ...(recording ? { recording } : {}),
      ...(recording || kept?.deletion ? kept : {}),
    };
  };

  return [
    route({
      method: 'GET',
      path: '/sessions',
      summary: 'Lists sessions: one’s own, or all with the right to list them',
      access: { kind: 'self' },
      query: ListSessions,
      answer: { status: 200, schema: pageOf(SessionAnswer) },
      async handle({ who, query }) {
        const all = roleMay(who.principal.role, 'session.list');
        const { state, userId, hostId, q, from, to, origin, held, cursor, limit, sort } = query;
        if (held && !seesHolds(who)) return fail('auth.forbidden', { operation: 'retention.read' });
        const wanted = all ? userId : who.user.id;
        if (!all && userId !== undefined && userId !== who.user.id) return ok(json({ items: [] }));
        const page = await sessions.list({
          sort,
          limit,
          ...(wanted === undefined ? {} : { userId: wanted }),
          ...(hostId === undefined ? {} : { hostId }),
          ...(q === undefined || q === '' ? {} : { text: q }),
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
          ...(origin === undefined ? {} : { imported: origin === 'imported' }),
          ...(held === undefined ? {} : { held: true as const }),
          ...(cursor === undefined ? {} : { cursor }),
          ...(state === undefined ? {} : { states: statesOf(state) }),
        });
        const kept = await keptFacts(keeper, clock, page.items, seesHolds(who));
        const found = state === 'live' ? page.items.filter((session) => stateNow(session) === 'live') : page.items;
        const items = await Promise.all(found.map((session) => present(session, who, kept.get(session.id))));
        return ok(json({ items, ...(page.next === undefined ? {} : { next: page.next }) }));
      },
    }),
    route({
      method: 'GET',
      path: '/sessions/{id}',
      summary: 'One session',
      access: {
        kind: 'operation',
        operation: 'replay',
        subject: async ({ id }) => {
          const session = await sessions.get(id);
          return session && { target: `session:${id}`, ownerId: session.userId, hostId: session.hostId };
        },
      },
      params: IdParams,
      answer: { status: 200, schema: SessionAnswer },
      async handle({ who, params }) {
        const session = await sessions.get(params.id);
        if (session === undefined) return fail('not-found');
        const kept = await keptFacts(keeper, clock, [session], seesHolds(who));
        return ok(json(await present(session, who, kept.get(session.id))));
      },
    }),
  ];
}

const RUNNING: ReadonlySet<SessionState> = new Set(OPEN_STATES);
const seesHolds = ({ principal }: CurrentSignIn): boolean => roleMay(principal.role, 'retention.read');

function statesOf(state: NonNullable<z.output<typeof ListSessions>['state']>): readonly SessionState[] {
  switch (state) {
    case 'open':
      return OPEN_STATES;
    case 'over':
      return OVER_STATES;
    default:
      return [state];
  }
}
