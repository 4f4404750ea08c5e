import { expect, test } from 'vitest';
import { CreateUser, Setup, UpdateMe, UpdateUser } from './api-requests.js';

test('V33: a displayed name holds no control, direction or invisible character, wherever it is set', () => {
  const base = { name: 'ada', password: 'x', role: 'operator' } as const;
  const schemas = {
    setup: (displayName: string) => Setup.safeParse({ token: 't', name: 'ada', password: 'x', displayName }).success,
    add: (displayName: string) => CreateUser.safeParse({ ...base, displayName }).success,
    change: (displayName: string) => UpdateUser.safeParse({ displayName }).success,
    mine: (displayName: string) => UpdateMe.safeParse({ displayName }).success,
  };
  for (const [where, takes] of Object.entries(schemas)) {
    for (const good of ['', 'Ada Lovelace', '张敏', 'é 🚀', 'x'.repeat(128)]) expect(takes(good), where).toBe(true);
    for (const bad of ['a\u001b[2J', 'a\nb', 'a\u009b2J', 'a\u202eb', 'a\u200db', 'a\ufeff', 'x'.repeat(129)]) {
      expect(takes(bad), `${where} ${JSON.stringify(bad)}`).toBe(false);
    }
  }
});
