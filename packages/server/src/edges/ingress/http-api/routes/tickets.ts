/** One-use tickets for the terminal and the watch socket (V4, W6). */
import { ok } from '@sallyport/core/model/problem.js';
import { TicketAnswer } from '@sallyport/core/wire/api-answers.js';
import { CreateTicket, IdParams } from '@sallyport/core/wire/api-requests.js';
import { created, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function ticketRoutes({ gateway }: Services): readonly Route[] {
  const access = { kind: 'gateway', operation: 'connect' } as const;
  const answer = { status: 201, schema: TicketAnswer } as const;
  return [
    route({
      method: 'POST',
      path: '/tickets',
      summary: 'A ticket for a new session on a host: one use, 60 s',
      access,
      body: CreateTicket,
      answer,
      async handle({ who, body }) {
        const issued = await gateway.issueTicket(who.principal, body.hostId, body.accountId);
        return issued.ok ? ok(created(issued.value)) : issued;
      },
    }),
    route({
      method: 'POST',
      path: '/sessions/{id}/tickets',
      summary: 'A ticket for taking one’s own session over: one use, 60 s',
      access,
      params: IdParams,
      answer,
      async handle({ who, params }) {
        const issued = await gateway.issueResumeTicket(who.principal, params.id);
        return issued.ok ? ok(created(issued.value)) : issued;
      },
    }),
    route({
      method: 'POST',
      path: '/sessions/{id}/watch-tickets',
      summary: 'A ticket for watching a running session: one use, 60 s',
      access: { kind: 'gateway', operation: 'watch' },
      params: IdParams,
      answer,
      async handle({ who, params }) {
        const issued = await gateway.issueWatchTicket(who.principal, params.id);
        return issued.ok ? ok(created(issued.value)) : issued;
      },
    }),
  ];
}
