/** What is done to a running session from outside. */
import type { TicketAnswer } from '@sallyport/core/wire/api-answers.js';
import type { BlockAnswer, BlocksAnswer, BlockUser, EndSession } from '@sallyport/core/wire/control-messages.js';
import { queryOptions } from '@tanstack/react-query';
import { type ApiProblem, ask, get } from './client.js';

export const watchTicket = (id: string) => ask<TicketAnswer>('POST', `sessions/${id}/watch-tickets`, { body: {} });
export const freezeSession = (id: string, reason: string) =>
  ask<void>('POST', `sessions/${id}/freeze`, { body: { reason } });
export const unfreezeSession = (id: string) => ask<void>('POST', `sessions/${id}/unfreeze`, { body: {} });
export const messageOperator = (id: string, text: string) =>
  ask<void>('POST', `sessions/${id}/message`, { body: { text } });
export const endSession = (id: string, how: EndSession) => ask<void>('POST', `sessions/${id}/end`, { body: how });

export const blocksQuery = queryOptions<readonly BlockAnswer[], ApiProblem>({
  queryKey: ['blocks'],
  queryFn: async ({ signal }) => (await get<BlocksAnswer>('blocks', { signal })).items,
});
export const blockUser = (body: BlockUser) => ask<BlockAnswer>('POST', 'blocks', { body });
export const liftBlock = (id: string) => ask<void>('DELETE', `blocks/${id}`);
