/** Users who are kept out for a time: written down with the end of a session, listed and lifted here. Not enforced yet. */
import { fail, ok } from '@sallyport/core/model/problem.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { BlocksAnswer } from '@sallyport/core/wire/control-messages.js';
import { EMPTY, json, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function blockRoutes({ blocks, directory, audit, clock }: Services): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/blocks',
      summary: 'Blocks that stand, the newest first; they are kept and shown, and refuse no connection yet',
      access: { kind: 'operation', operation: 'block.read' },
      answer: { status: 200, schema: BlocksAnswer },
      async handle() {
        const [standing, users] = await Promise.all([blocks.standing(clock.now()), directory.users()]);
        const names = new Map(users.map(({ id, name }) => [id, name]));
        const items = standing.map(({ byId: _, ...block }) => {
          const userName = names.get(block.userId);
          return userName === undefined ? block : { ...block, userName };
        });
        return ok(json({ items }));
      },
    }),
    route({
      method: 'DELETE',
      path: '/blocks/{id}',
      summary: 'Lifts a block',
      access: { kind: 'operation', operation: 'block.write' },
      params: IdParams,
      answer: { status: 204 },
      async handle({ who: { principal }, params }) {
        const lifted = await blocks.lift(params.id);
        if (lifted === undefined) return fail('not-found');
        await audit.append({
          action: 'block.lift',
          result: 'ok',
          actor: principal.name,
          actorId: principal.userId,
          source: principal.address,
          target: `user:${lifted.userId}`,
          detail: { block: lifted.id, until: new Date(lifted.until).toISOString(), session: lifted.sessionId },
        });
        return ok(EMPTY);
      },
    }),
  ];
}
