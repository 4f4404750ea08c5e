/** What others do to a running session: end it, hold and let go its user's input, say something to its user. */
import { ok, type Result } from '@sallyport/core/model/problem.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { EndSession, FreezeSession, MessageOperator } from '@sallyport/core/wire/control-messages.js';
import { EMPTY, type Route, route } from '../route.js';
import type { Services } from '../services.js';

const ACT = { method: 'POST', params: IdParams, answer: { status: 204 } } as const;
const done = (acted: Result<void>): Result<typeof EMPTY> => (acted.ok ? ok(EMPTY) : acted);

export function sessionControlRoutes({ gateway }: Services): readonly Route[] {
  return [
    route({
      ...ACT,
      path: '/sessions/{id}/end',
      summary: 'Ends a session, with a reason its user sees; answers when its target is closed',
      access: { kind: 'gateway', operation: 'end' },
      body: EndSession,
      handle: async ({ who, params, body }) => done(await gateway.end(who.principal, params.id, body)),
    }),
    route({
      ...ACT,
      path: '/sessions/{id}/freeze',
      summary: 'Holds what the user of a session types: it is dropped and counted, never run later',
      access: { kind: 'gateway', operation: 'freeze' },
      body: FreezeSession,
      handle: async ({ who, params, body }) => done(await gateway.freeze(who.principal, params.id, body.reason)),
    }),
    route({
      ...ACT,
      path: '/sessions/{id}/unfreeze',
      summary: 'Lets the input of a session go again',
      access: { kind: 'gateway', operation: 'freeze' },
      handle: async ({ who, params }) => done(await gateway.unfreeze(who.principal, params.id)),
    }),
    route({
      ...ACT,
      path: '/sessions/{id}/message',
      summary: 'Shows a message to the user of a session, outside the terminal',
      access: { kind: 'gateway', operation: 'message' },
      body: MessageOperator,
      handle: async ({ who, params, body }) => done(await gateway.message(who.principal, params.id, body.text)),
    }),
  ];
}
