import type { AccountSecret } from '@sallyport/core/model/host.js';
import { ok, type Result } from '@sallyport/core/model/problem.js';
import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import { parsePrivateKey } from './private-key.js';

/** Decides the next thing to try; false when there is nothing left. One try per secret: accounts get locked. */
export type SignIn = (methodsLeft: readonly string[]) => AnyAuthMethod | false;

export async function createSignIn(login: string, secret: AccountSecret, legacy: boolean): Promise<Result<SignIn>> {
  if (secret.kind === 'password') return ok(passwordSignIn(login, secret.password));
  const key = await parsePrivateKey(secret.privateKey, secret.passphrase);
  if (!key.ok) return key;
  return ok(keySignIn(login, legacy ? key.value : withoutSha1(key.value)));
}

/** Asks which methods the host takes first, so that the password goes out once and by a way that is open. */
function passwordSignIn(username: string, password: string): SignIn {
  let tries = 0;
  return (methodsLeft) => {
    tries += 1;
    if (tries === 1) return { type: 'none', username };
    if (tries > 2) return false;
    if (methodsLeft.includes('password')) return { type: 'password', username, password };
    if (!methodsLeft.includes('keyboard-interactive')) return false;
    let answered = false;
    return {
      type: 'keyboard-interactive',
      username,
      prompt(_name, _instructions, _language, prompts, finish) {
        const [first] = prompts;
        const isPassword = prompts.length === 1 && first !== undefined && !first.echo && !answered;
        answered = true;
        // Anything else (a code, a question, the password again) is not ours to answer: the host then refuses.
        finish(isPassword ? [password] : prompts.map(() => ''));
      },
    };
  };
}

function keySignIn(username: string, key: ParsedKey): SignIn {
  let tried = false;
  return () => {
    if (tried) return false;
    tried = true;
    // The library takes a parsed key here although its types name text only: the passphrase work is done once.
    return { type: 'publickey', username, key: key as unknown as Buffer };
  };
}

/** The library falls back to RSA with SHA-1 when a host names no newer signature. */
function withoutSha1(key: ParsedKey): ParsedKey {
  if (key.type !== 'ssh-rsa') return key;
  const sign = key.sign.bind(key);
  key.sign = (data, hash) => {
    if (hash === 'sha1' || hash === undefined) {
      return new Error('RSA with SHA-1 is not used') as unknown as ReturnType<ParsedKey['sign']>;
    }
    return sign(data, hash);
  };
  return key;
}
