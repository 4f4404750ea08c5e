import type { BlockList, Socket } from 'node:net';
import { fail, ok, type Problem, problem, type Result } from '@sallyport/core/model/problem.js';
import {
  CONNECT_TIMEOUT_MS,
  type ConnectRequest,
  type ProbeAnswer,
  type TargetAddress,
  type TargetConnector,
  type TargetEnd,
} from '../../../gateway/ports/target-connector.js';
import { addressesNeverDialled, addressText, dial } from './dial.js';
import { type LinkStage, linkProblem } from './failure.js';
import { exchangeGreetings } from './greeting.js';
import { describeHostKey } from './host-key.js';
import { createDoom, type Doom } from './opening-doom.js';
import { createShellEnd } from './shell-end.js';
import { createSignIn } from './sign-in.js';
import { type LinkSettings, openLink, type SshLink } from './ssh-link.js';
import { createSteps } from './step-times.js';

export interface SshConnectorOptions {
  /** Network, greeting and key exchange together (X3). */
  readonly connectTimeoutMs?: number;
  /** Directory services and PAM may be slow; a host silent for longer is not going to answer. */
  readonly signInTimeoutMs?: number;
  readonly shellTimeoutMs?: number;
  /** Three of these without an answer and the host is lost: 45 s, within the 60 s of F9. */
  readonly keepaliveMs?: number;
  /** New keys after this much traffic both ways: 1 GiB, as RFC 4253 advises. */
  readonly rekeyBytes?: number;
  /** Addresses nobody may dial, checked after resolving. */
  readonly neverDial?: BlockList;
}

const TERM = 'xterm-256color'; // X6
const DEFAULTS = {
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
  signInTimeoutMs: 20_000,
  shellTimeoutMs: 10_000,
  keepaliveMs: 15_000,
  rekeyBytes: 1024 ** 3,
};

export function createSshConnector(options: SshConnectorOptions = {}): TargetConnector {
  const limits = { ...DEFAULTS, neverDial: addressesNeverDialled(), ...options };

  /** Network and key exchange, within one limit. */
  async function reach(
    target: TargetAddress,
    doom: Doom,
    names: Names,
    onNetwork: () => void,
  ): Promise<Result<Reached>> {
    const { address } = names;
    const seconds = String(Math.ceil(limits.connectTimeoutMs / 1000));
    const cancelLimit = doom.limit(limits.connectTimeoutMs, problem('target.timeout', { address, seconds }));
    const dialled = await doom.race(dial(target, limits.neverDial, (socket) => doom.onDoom(() => socket.destroy())));
    if (!dialled.ok) return dialled;
    const socket = dialled.value;
    onNetwork();
    const greeting = await doom.race(exchangeGreetings(socket, address));
    if (!greeting.ok) {
      socket.destroy();
      return greeting;
    }
    const settings: LinkSettings = {
      legacyAlgorithms: target.legacyAlgorithms,
      keepaliveMs: limits.keepaliveMs,
      rekeyBytes: limits.rekeyBytes,
      term: TERM,
    };
    const link = openLink(socket, settings);
    const stage: { at: LinkStage } = { at: 'exchange' };
    link.onFailure((error) => doom.fail(linkProblem(error, stage.at, names, (what) => link.offered(what))));
    const key = await doom.race(link.exchanged.then(ok));
    cancelLimit();
    if (!key.ok) {
      link.destroy();
      return key;
    }
    return ok({ socket, link, stage, key: key.value, banner: greeting.value });
  }

  async function connect(request: ConnectRequest): Promise<Result<TargetEnd>> {
    const { target, login, secret } = request;
    const names = { address: addressText(target), host: target.hostName, login, kind: secret.kind };
    // Beside the network's steps: taking off a passphrase takes about as long as they do.
    const preparing = createSignIn(login, secret, target.legacyAlgorithms);
    const doom = createDoom(request.signal, names.address);
    const steps = createSteps(request.onStep);
    let link: SshLink | undefined;
    const refuse = (why: Problem): Result<TargetEnd> => {
      link?.destroy();
      steps.failed();
      return { ok: false, problem: why };
    };
    try {
      steps.next('network');
      const reached = await reach(target, doom, names, () => steps.next('host-key'));
      if (!reached.ok) return refuse(reached.problem);
      const { socket, stage, key } = reached.value;
      link = reached.value.link;
      const shown = describeHostKey(key);
      const verdict = await doom.race(request.verifyHostKey(shown).then(ok));
      const refusal = verdict.ok ? verdict.value : verdict.problem;
      if (refusal) return refuse(refusal);
      const signIn = await doom.race(preparing);
      if (!signIn.ok) return refuse(signIn.problem);

      steps.next('sign-in', shown.fingerprint);
      stage.at = 'sign-in';
      const signInLimit = doom.limit(limits.signInTimeoutMs, timeout(names.address, limits.signInTimeoutMs));
      const signedIn = await doom.race(link.signIn(signIn.value).then(ok));
      signInLimit();
      if (!signedIn.ok) return refuse(signedIn.problem);

      steps.next('shell');
      stage.at = 'shell';
      const shellLimit = doom.limit(limits.shellTimeoutMs, timeout(names.address, limits.shellTimeoutMs));
      const shell = await doom.race(
        link.openShell(request.size).then(ok, (error: Error) => noShell(names.host, error)),
      );
      shellLimit();
      if (!shell.ok) return refuse(shell.problem);
      stage.at = 'open';
      const end = createShellEnd(link, shell.value, socket);
      steps.done();
      return ok(end);
    } catch (error) {
      link?.destroy();
      steps.failed();
      throw error;
    } finally {
      doom.settle();
    }
  }

  async function probe(target: TargetAddress, signal: AbortSignal): Promise<ProbeAnswer> {
    const names = { address: addressText(target), host: target.hostName, login: '', kind: '' };
    const doom = createDoom(signal, names.address);
    const started = performance.now();
    let networkMs: number | undefined;
    const reached = await reach(target, doom, names, () => {
      networkMs = Math.round(performance.now() - started);
    });
    doom.settle();
    const network = networkMs === undefined ? {} : { networkMs };
    if (!reached.ok) return { ...network, problem: reached.problem };
    const { link, key, banner } = reached.value;
    link.close();
    const keyMs = Math.round(performance.now() - started) - (networkMs ?? 0);
    return { ...network, keyMs, banner, key: describeHostKey(key) };
  }

  return { connect, probe };
}

interface Names {
  readonly address: string;
  readonly host: string;
  readonly login: string;
  readonly kind: string;
}
interface Reached {
  readonly socket: Socket;
  readonly link: SshLink;
  readonly stage: { at: LinkStage };
  readonly key: Buffer;
  readonly banner: string;
}

const timeout = (address: string, ms: number): Problem =>
  problem('target.timeout', { address, seconds: String(Math.ceil(ms / 1000)) });

const noShell = (host: string, error: Error): Result<never> =>
  fail('target.no-shell', { host, detail: error.message.replace(/^\(SSH\) /, '').slice(0, 200) });
