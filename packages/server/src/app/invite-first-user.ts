/**
 * Prints the setup link while nobody can sign in yet. The link goes to standard output, whatever reads it; the log names
 * the event without the token (V46). A store that fails just then is no reason to end: whoever can sign in is served, and
 * whoever needs the link is told how to get one.
 */
import type { FirstSetup } from '../gateway/ports/identity.js';
import type { Log } from './log.js';

export async function inviteFirstUser(
  identity: Pick<FirstSetup, 'isSetUp' | 'issueSetupToken'>,
  url: string,
  log: Pick<Log, 'info' | 'error'>,
  print: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<void> {
  try {
    if (await identity.isSetUp()) return;
    const { token, expiresAt } = await identity.issueSetupToken();
    log.info({ expiresAt: new Date(expiresAt).toISOString() }, 'no user yet: a setup link was printed');
    const minutes = Math.round((expiresAt - Date.now()) / 60_000);
    print(
      `\nOpen this link to make the first administrator (one use, ${minutes} minutes):\n\n  ${url}/setup#${token}\n\n`,
    );
  } catch (error) {
    log.error({ err: error }, 'no setup link could be made; if nobody can sign in yet, start again to get one');
  }
}
