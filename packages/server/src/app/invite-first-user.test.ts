import { expect, it } from 'vitest';
import { inviteFirstUser } from './invite-first-user.js';

function rig(isSetUp: () => Promise<boolean>) {
  const printed: string[] = [];
  const logged: string[] = [];
  const log = {
    info: (_: object, message: string) => void logged.push(`info ${message}`),
    error: (_: object, message: string) => void logged.push(`error ${message}`),
  };
  const issueSetupToken = async () => ({ token: 'a-token', expiresAt: Date.now() + 15 * 60_000 });
  const invited = inviteFirstUser({ isSetUp, issueSetupToken }, 'http://here', log as never, (text) => {
    printed.push(text);
  });
  return { invited, printed, logged };
}

it('prints a link while there is no user, and the log does not have it (V46)', async () => {
  const { invited, printed, logged } = rig(async () => false);
  await invited;
  expect(printed.join('')).toContain('http://here/setup#a-token');
  expect(printed.join('')).toContain('15 minutes');
  expect(logged).toEqual(['info no user yet: a setup link was printed']);
});

it('prints nothing when there is a user', async () => {
  const { invited, printed, logged } = rig(async () => true);
  await invited;
  expect([...printed, ...logged]).toEqual([]);
});

it('F26: a store that fails just then does not end the gateway, and it is said', async () => {
  const { invited, printed, logged } = rig(() => Promise.reject(new Error('disk I/O error')));
  await invited;
  expect(printed).toEqual([]);
  expect(logged).toEqual(['error no setup link could be made; if nobody can sign in yet, start again to get one']);
});
