/** Users who are kept out for a time: by the end of a session or here, listed and lifted here. Not enforced yet. */
import { fail, ok } from '@sallyport/core/model/problem.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { BlockAnswer, BlocksAnswer, BlockUser } from '@sallyport/core/wire/control-messages.js';
import { created, EMPTY, json, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function blockRoutes({ gateway, blocks, directory, audit, clock }: Services): readonly Route[] {
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
      method: 'POST',
      path: '/blocks',
      summary: 'Blocks a user for a time; it is kept and shown, and refuses no connection yet',
      access: { kind: 'gateway', operation: 'block.write' },
      body: BlockUser,
      answer: { status: 201, schema: BlockAnswer },
      async handle({ who, body: { userId, minutes, reason } }) {
        const made = await gateway.block(who.principal, userId, minutes, reason);
        if (!made.ok) return made;
        const { byId: _, ...block } = made.value;
        const userName = (await directory.users()).find(({ id }) => id === userId)?.name;
        return ok(created({ ...block, ...(userName === undefined ? {} : { userName }) }));
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
          detail: {
            ...{ block: lifted.id, until: new Date(lifted.until).toISOString() },
            ...(lifted.sessionId === undefined ? {} : { session: lifted.sessionId }),
          },
        });
        return ok(EMPTY);
      },
    }),
  ];
}
