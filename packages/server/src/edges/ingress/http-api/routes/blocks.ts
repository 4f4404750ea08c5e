/** Users who are kept out for a time: by the end of a session or here, listed and lifted here. */
import { ok } from '@sallyport/core/model/problem.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { BlockAnswer, BlocksAnswer, BlockUser, LiftBlock } from '@sallyport/core/wire/control-messages.js';
import { created, EMPTY, json, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function blockRoutes({ gateway, directory }: Services): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/blocks',
      summary: 'Blocks that stand, the newest first',
      access: { kind: 'operation', operation: 'block.read' },
      answer: { status: 200, schema: BlocksAnswer },
      async handle() {
        const users = await directory.users();
        const names = new Map(users.map(({ id, name }) => [id, name]));
        const items = gateway.standingBlocks().map(({ byId: _, ...block }) => {
          const userName = names.get(block.userId);
          return userName === undefined ? block : { ...block, userName };
        });
        return ok(json({ items }));
      },
    }),
    route({
      method: 'POST',
      path: '/blocks',
      summary: 'Blocks a user for a time: what runs ends at once, and sign-ins, tokens and operations are refused',
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
      summary: 'Lifts a block; it stays in the history, with who lifted it and why',
      access: { kind: 'gateway', operation: 'block.write' },
      params: IdParams,
      query: LiftBlock,
      answer: { status: 204 },
      async handle({ who, params, query }) {
        const lifted = await gateway.liftBlock(who.principal, params.id, query.reason ?? '');
        return lifted.ok ? ok(EMPTY) : lifted;
      },
    }),
  ];
}
