import { hostname } from 'node:os';
import type { MeAnswer, NewTokenAnswer } from '@sallyport/core/wire/api-answers.js';
import type { Command } from 'commander';
import { apiClient } from '../api-client.js';
import { type CommonOptions, gatewayOf, remote, serverOf, wholeNumber } from '../command-options.js';
import { loginsFile, storedLogins, storeLogin } from '../credentials.js';
import { EXIT } from '../exit-code.js';
import { Failure } from '../failure.js';
import { secretFromFile, secretInput } from '../secret-input.js';
import { ask, askSecret, printJson, tell } from '../terminal.js';

interface LoginOptions extends CommonOptions {
  readonly user?: string;
  readonly passwordFile?: string;
  readonly code?: string;
  readonly tokenFile?: string;
  readonly days: number;
}

export function addLoginCommands(program: Command): void {
  remote(
    program
      .command('login')
      .description('sign in and keep an API token for later commands')
      .option('--user <name>', 'user name')
      .option('--password-file <file>', 'password; - reads standard input')
      .option('--code <digits>', 'code of the authenticator')
      .option('--token-file <file>', 'store this API token instead of signing in')
      .option('--days <count>', 'how long the token is good', wholeNumber('--days', 1, 366), 30),
  ).action(login);
  remote(
    program
      .command('logout')
      .description('revoke the stored API token and forget it')
      .option('--keep', 'forget it here only; it stays valid'),
  ).action(logout);
}

async function logout(options: CommonOptions & { readonly keep?: boolean }): Promise<void> {
  const server = serverOf(options);
  const { tokens, until } = storedLogins();
  const token = tokens[server];
  const validUntil = until[server];
  const tellAll = (revoked: boolean, ...text: readonly string[]): void => {
    if (options.json !== true) {
      tell(text.join('\n'));
      return;
    }
    const good =
      revoked || token === undefined || validUntil === undefined
        ? {}
        : { validUntil: new Date(validUntil).toISOString() };
    printJson({ server, forgotten: token !== undefined, revoked, ...good });
  };
  if (token === undefined) return tellAll(false, `No token is stored for ${server}.`);
  const good = validUntil === undefined ? 'until it expires' : `until ${new Date(validUntil).toISOString()}`;
  const still = `It stays valid ${good}. Revoke it in the console, under Profile, API tokens.`;
  if (options.keep === true) {
    storeLogin(server, undefined);
    return tellAll(false, `Forgot the token for ${server}. ${still}`);
  }
  try {
    await apiClient(server, { authorization: `Bearer ${token}` }).send<void>('DELETE', 'me/tokens/current');
  } catch (error) {
    storeLogin(server, undefined);
    if (!(error instanceof Failure)) throw error;
    if (error.problem?.code === 'auth.token-refused') {
      return tellAll(false, `Forgot the token for ${server}, which was not valid any more.`);
    }
    throw new Failure(`The token for ${server} is forgotten, but not revoked. ${error.message}`, error.exitCode, still);
  }
  storeLogin(server, undefined);
  const given = process.env.SALLYPORT_TOKEN ? ['SALLYPORT_TOKEN is set and stays as it is.'] : [];
  tellAll(true, `Revoked the token for ${server} and forgot it.`, ...given);
}

async function login(options: LoginOptions): Promise<void> {
  const server = serverOf(options);
  const token =
    options.tokenFile === undefined ? await tokenBySignIn(server, options) : secretFromFile(options.tokenFile);
  const me = await apiClient(server, { authorization: `Bearer ${token}` }).get<MeAnswer>('me');
  storeLogin(server, { token, until: me.expiresAt });
  if (options.json === true) return printJson({ server, user: me.user, expiresAt: me.expiresAt });
  const until = new Date(me.expiresAt).toISOString().slice(0, 10);
  tell(`Signed in to ${server} as ${me.user.name} (${me.user.role}), until ${until}.`);
  tell(`The token is kept in ${loginsFile()}; “sallyport logout” revokes it.`);
}

async function tokenBySignIn(server: string, options: LoginOptions): Promise<string> {
  const name = options.user ?? (await ask('User name', '--user', options));
  const password = await secretInput('Password', options.passwordFile, options);
  let answer = await signIn(server, { name, password, ...(options.code === undefined ? {} : { code: options.code }) });
  if (answer.status === 401 && options.code === undefined && (await codeOf(answer.clone())) === 'auth.totp-required') {
    answer = await signIn(server, { name, password, code: await askSecret('Code (6 digits)', '--code', options) });
  }
  if (!answer.ok) {
    const { title, next } = (await answer.json()) as { title?: string; next?: string };
    throw new Failure(title ?? `Sign-in failed (${answer.status}).`, EXIT.signIn, next);
  }
  const { csrf } = (await answer.json()) as MeAnswer;
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  const signedIn = apiClient(server, { cookie, 'x-sallyport-csrf': csrf, origin: server });
  const body = { name: `command line on ${hostname()}`.slice(0, 64), days: options.days };
  const { token } = await signedIn.send<NewTokenAnswer>('POST', 'me/tokens', body);
  await signedIn.send('POST', 'sign-out');
  return token;
}

/** Not by the API client: the answer's cookie is wanted here. */
async function signIn(server: string, body: unknown): Promise<Response> {
  try {
    return await fetch(new URL('/api/v1/sign-in', server), {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/json', origin: server },
      body: JSON.stringify(body),
    });
  } catch {
    await gatewayOf({ server }).get('status'); // tells why it cannot be reached
    throw new Failure(`The gateway at ${server} cannot be reached.`, EXIT.unreachable);
  }
}

async function codeOf(answer: Response): Promise<string | undefined> {
  const body = (await answer.json().catch(() => ({}))) as { code?: string };
  return body.code;
}
