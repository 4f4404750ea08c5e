/** What is done to a running session from outside. */
import type { TicketAnswer } from '@sallyport/core/wire/api-answers.js';
import type { EndSession } from '@sallyport/core/wire/control-messages.js';
import { ask } from './client.js';

export const watchTicket = (id: string) => ask<TicketAnswer>('POST', `sessions/${id}/watch-tickets`, { body: {} });
export const freezeSession = (id: string, reason: string) =>
  ask<void>('POST', `sessions/${id}/freeze`, { body: { reason } });
export const unfreezeSession = (id: string) => ask<void>('POST', `sessions/${id}/unfreeze`, { body: {} });
export const messageOperator = (id: string, text: string) =>
  ask<void>('POST', `sessions/${id}/message`, { body: { text } });
export const endSession = (id: string, how: EndSession) => ask<void>('POST', `sessions/${id}/end`, { body: how });
