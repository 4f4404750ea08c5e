/** What others do to a running session: end it, hold and let go its user's input, say something to its user. */
import { ok } from '@sallyport/core/model/problem.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { EndSession, FreezeSession, MessageOperator } from '@sallyport/core/wire/control-messages.js';
import { EMPTY, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function sessionControlRoutes({ gateway }: Services): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/sessions/{id}/end',
      summary: 'Ends a session, with a reason its user sees; answers when its target is closed',
      access: { kind: 'gateway', operation: 'end' },
      params: IdParams,
      body: EndSession,
      answer: { status: 204 },
      async handle({ who, params, body }) {
        const ended = await gateway.end(who.principal, params.id, body);
        return ended.ok ? ok(EMPTY) : ended;
      },
    }),
    route({
      method: 'POST',
      path: '/sessions/{id}/freeze',
      summary: 'Holds what the user of a session types: it is dropped and counted, never run later',
      access: { kind: 'gateway', operation: 'freeze' },
      params: IdParams,
      body: FreezeSession,
      answer: { status: 204 },
      async handle({ who, params, body }) {
        const frozen = await gateway.freeze(who.principal, params.id, body.reason);
        return frozen.ok ? ok(EMPTY) : frozen;
      },
    }),
    route({
      method: 'POST',
      path: '/sessions/{id}/unfreeze',
      summary: 'Lets the input of a session go again',
      access: { kind: 'gateway', operation: 'freeze' },
      params: IdParams,
      answer: { status: 204 },
      async handle({ who, params }) {
        const unfrozen = await gateway.unfreeze(who.principal, params.id);
        return unfrozen.ok ? ok(EMPTY) : unfrozen;
      },
    }),
    route({
      method: 'POST',
      path: '/sessions/{id}/message',
      summary: 'Shows a message to the user of a session, outside the terminal',
      access: { kind: 'gateway', operation: 'message' },
      params: IdParams,
      body: MessageOperator,
      answer: { status: 204 },
      async handle({ who, params, body }) {
        const told = await gateway.message(who.principal, params.id, body.text);
        return told.ok ? ok(EMPTY) : told;
      },
    }),
  ];
}
