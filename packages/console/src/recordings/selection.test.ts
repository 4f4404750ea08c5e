import { expect, test } from 'vitest';
import { onEach } from './selection.js';

const problem = { code: 'recording.held', status: 409, title: '', next: '', params: {} };

test('what is done to selected rows stops at the first refusal, and what was done has left them', async () => {
  const [asked, done]: [string[], string[]] = [[], []];
  const answer = await onEach(
    ['a', 'b', 'c'],
    async (id) => {
      asked.push(id);
      return id === 'b' ? { ok: false, problem } : { ok: true, value: undefined };
    },
    (id) => done.push(id),
  );
  expect(answer).toEqual({ ok: false, problem });
  expect(asked).toEqual(['a', 'b']);
  expect(done).toEqual(['a']);
});
