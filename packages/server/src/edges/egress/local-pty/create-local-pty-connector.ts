import { createHash, randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { StepName } from '@sallyport/core/wire/terminal-frames.js';
import type {
  ConnectRequest,
  ShownHostKey,
  TargetConnector,
  TargetEnd,
} from '../../../gateway/ports/target-connector.js';
import { createPtyEnd, spawnPty } from './pty-end.js';

export interface LocalPtyOptions {
  /** Default: the user's own shell. */
  readonly shell?: string;
  readonly args?: readonly string[];
  /** 32 bytes the made-up host key is drawn from; without them the key is another at each start. */
  readonly keySeed?: Uint8Array;
  /** Environment the shell's is taken from. */
  readonly environment?: NodeJS.ProcessEnv;
}

const BANNER = 'local shell';
/** A shell needs these; the gateway's own variables, and whatever else it was started with, stay with it. */
const PASSED_ON = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR)$/;

/**
 * Demo mode's only target: a real shell of the user who runs the gateway, on a real terminal of this machine. There is
 * no network and no SSH, but the flow is the same to the last step, so there is a key to approve as well: made up, and
 * of no use to anybody.
 */
export function createLocalPtyConnector(options: LocalPtyOptions = {}): TargetConnector {
  const key = madeUpKey(options.keySeed ?? randomBytes(32));
  const environment = options.environment ?? process.env;
  const shell = options.shell ?? environment.SHELL ?? userInfo().shell ?? '/bin/sh';

  async function connect(request: ConnectRequest): Promise<Result<TargetEnd>> {
    const { target, signal, onStep } = request;
    const cancelled = (): Result<TargetEnd> =>
      fail('target.lost', { address: target.address, detail: 'the opening was cancelled' });
    const passes = async <T>(step: StepName, run: () => T | Promise<T>, good: (value: T) => boolean): Promise<T> => {
      const since = performance.now();
      onStep(step, 'now');
      const value = await run();
      onStep(step, good(value) ? 'ok' : 'failed', Math.round(performance.now() - since));
      return value;
    };

    if (signal.aborted) return cancelled();
    await passes(
      'network',
      () => undefined,
      () => true,
    );
    const refusal = await passes(
      'host-key',
      () => request.verifyHostKey(key),
      (problem) => problem === undefined,
    );
    if (refusal) return { ok: false, problem: refusal };
    if (signal.aborted) return cancelled();
    await passes(
      'sign-in',
      () => undefined,
      () => true,
    );
    return passes(
      'shell',
      () => open(request),
      (end) => end.ok,
    );
  }

  function open({ target, size }: ConnectRequest): Result<TargetEnd> {
    try {
      accessSync(shell, constants.X_OK);
      const env = Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.test(name)));
      const locale = env.LANG || env.LC_ALL || env.LC_CTYPE ? {} : { LC_CTYPE: 'C.UTF-8' }; // the page sends UTF-8
      const childEnvironment = { ...env, ...locale, SHELL: shell };
      return ok(createPtyEnd(spawnPty(shell, options.args ?? [], size, childEnvironment, homedir())));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'no terminal';
      return fail('target.no-shell', { host: target.hostName, detail: `${shell}: ${code}` });
    }
  }

  return {
    connect,
    probe: () => Promise.resolve({ banner: BANNER, key, networkMs: 0, keyMs: 0 }),
  };
}

function madeUpKey(seed: Uint8Array): ShownHostKey {
  const algorithm = 'ssh-ed25519';
  const field = (value: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value.length);
    return Buffer.concat([length, value]);
  };
  const body = createHash('sha256').update('local shell').update(seed).digest();
  const wireForm = Buffer.concat([field(Buffer.from(algorithm)), field(body)]);
  const hash = createHash('sha256').update(wireForm).digest('base64').replace(/=+$/, '');
  return { algorithm, fingerprint: `SHA256:${hash}`, publicKey: wireForm.toString('base64') };
}
