/** The settings in force and where each came from. Read only: they are changed where they are set. */
import { ok } from '@sallyport/core/model/problem.js';
import { pageOf, SettingAnswer } from '@sallyport/core/wire/api-answers.js';
import { json, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function settingRoutes({ settings }: Services): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/settings',
      summary: 'Settings in force, secrets masked',
      access: { kind: 'operation', operation: 'settings.read' },
      answer: { status: 200, schema: pageOf(SettingAnswer) },
      async handle() {
        return ok(json({ items: settings }));
      },
    }),
  ];
}
