/** One-use tickets from the HTTP API. */
import { ask } from '../api/client.js';
import { type Failure, NETWORK } from './frame-reading.js';

export type TicketResult =
  | { readonly ok: true; readonly ticket: string }
  | { readonly ok: false; readonly failure: Failure };
export interface Tickets {
  open(hostId: string, accountId: string): Promise<TicketResult>;
  resume(sessionId: string): Promise<TicketResult>;
}

export const httpTickets: Tickets = {
  open: (hostId, accountId) => ticket('tickets', { hostId, accountId }),
  resume: (sessionId) => ticket(`sessions/${sessionId}/tickets`),
};

async function ticket(path: string, body?: object): Promise<TicketResult> {
  const answer = await ask<{ ticket: string }>('POST', path, body === undefined ? {} : { body });
  if (answer.ok) return { ok: true, ticket: answer.value.ticket };
  const { code, params, status } = answer.problem;
  const away = code.startsWith('client.') && (status === 0 || status >= 500);
  return { ok: false, failure: away ? NETWORK : { code, params } };
}
