/** `sallyport demo`: the whole product on loopback with throw-away data, sample users and a shell of the local user. */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { idFromBytes } from '@sallyport/core/model/id.js';
import type { Role } from '@sallyport/core/model/role.js';
import { createLocalPtyConnector } from '../edges/egress/local-pty/create-local-pty-connector.js';
import { createSshConnector } from '../edges/egress/ssh-client/create-ssh-connector.js';
import type { TargetAddress, TargetConnector } from '../gateway/ports/target-connector.js';
import { type Server, startServer } from './compose.js';
import { resolveConfig } from './config.js';
import { createLog } from './log.js';
import { catchStrays, type RunResult, refused, untilSignal } from './main.js';
import { StartRefusal } from './start-refusal.js';

interface DemoUser {
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
}
const USERS: readonly DemoUser[] = [
  { name: 'admin', displayName: 'Administrator', role: 'admin' },
  { name: 'alice', displayName: 'Alice', role: 'operator' },
  { name: 'bob', displayName: 'Bob', role: 'operator' },
  { name: 'auditor', displayName: 'Auditor', role: 'auditor' },
];
/** A name that can never be resolved (RFC 2606): the demo's own connector knows it, no other would dial it. */
const LOCAL_SHELL = 'local-shell.invalid';
const HOSTS = [
  { name: 'toybox', labels: { env: 'demo' } },
  { name: '工具箱', labels: { env: 'demo', lang: 'zh' } },
];

export async function runDemo(port: number): Promise<RunResult> {
  const data = mkdtempSync(join(tmpdir(), 'sallyport-demo-'));
  const remove = (): void => rmSync(data, { recursive: true, force: true });
  process.on('exit', remove);
  const log = createLog({ logLevel: 'warn', logFormat: 'auto' }, process.stderr);
  catchStrays(log);
  let server: Server;
  let signIns: readonly string[];
  try {
    const connector = demoConnector();
    const start = (at: number): Promise<Server> => {
      const result = resolveConfig({ flags: { data, http: `127.0.0.1:${at}` }, env: {}, cwd: data, root: false });
      if (!result.ok) throw new Error(result.mistakes.join('; '));
      return startServer({ config: result.config, log, connector, demo: true });
    };
    // A visitor who has something on the usual port still gets a demo.
    server = await start(port).catch((error: unknown) => {
      if (error instanceof StartRefusal && port !== 0) return start(0);
      throw error;
    });
    signIns = await furnish(server, connector);
  } catch (error) {
    return refused(error);
  }
  const over = untilSignal(server, log);
  process.stdout.write(welcome(server.url, signIns));
  return { exitCode: await over };
}

/** The local shell for the demo's own hosts; hosts a visitor adds are reached by SSH as ever. */
function demoConnector(): TargetConnector {
  const local = createLocalPtyConnector();
  const ssh = createSshConnector();
  const of = ({ address }: TargetAddress): TargetConnector => (address === LOCAL_SHELL ? local : ssh);
  return {
    connect: (request) => of(request.target).connect(request),
    probe: (target, signal) => of(target).probe(target, signal),
  };
}

/** Users, hosts with an approved key, accounts. Answers the lines to print. */
async function furnish({ stores }: Server, connector: TargetConnector): Promise<readonly string[]> {
  const { directory, identity, vault } = stores;
  const at = Date.now();
  const newId = (): string => idFromBytes(randomBytes(16));
  const signIns: string[] = [];
  const passwords = USERS.map(() => passphrase());
  const hashes = await Promise.all(USERS.map(({ name }, i) => identity.hashPassword(passwords[i]!, name)));
  for (const [i, user] of USERS.entries()) {
    const hash = hashes[i]!;
    if (!hash.ok) throw new Error('a demo password was refused');
    const row = { id: newId(), ...user, active: true, totpEnabled: false, createdAt: at, updatedAt: at };
    await directory.createUser(row, hash.value);
    signIns.push(`${user.name.padEnd(8)} ${passwords[i]!.padEnd(30)} ${user.role}`);
  }
  for (const { name, labels } of HOSTS) {
    const hostId = newId();
    await directory.createHost({
      id: hostId,
      name,
      address: LOCAL_SHELL,
      port: 22,
      labels,
      legacyAlgorithms: false,
      onRecordingFailure: 'end',
      watcherRequired: false,
      createdAt: at,
      updatedAt: at,
    });
    const probe = await connector.probe(
      { hostName: name, address: LOCAL_SHELL, port: 22, legacyAlgorithms: false },
      AbortSignal.timeout(5_000),
    );
    if (probe.key !== undefined) {
      const key = await directory.see({ id: newId(), hostId, ...probe.key, state: 'pending', firstSeenAt: at });
      await directory.decide(key.id, 'approved', 'demo', at);
    }
    const secretId = await vault.seal('account', Buffer.from(JSON.stringify({ kind: 'password', password: 'unused' })));
    await directory.createAccount({
      id: newId(),
      hostId,
      login: userInfo().username,
      kind: 'password',
      secretId,
      createdAt: at,
      updatedAt: at,
    });
  }
  return signIns;
}

function welcome(url: string, signIns: readonly string[]): string {
  return `
Sallyport demo. Loopback only; data is thrown away on exit.

  Console   ${url}
  Sign-ins  ${signIns.join('\n            ')}

  1  Sign in as alice and connect to toybox: a real shell of the user who started this demo.
  2  Work in it (vim, top, Chinese text), reload the page in the middle, close it.
  3  Sign in as auditor and replay it under Recordings.

  The passwords are new on every start. Ctrl-C ends the demo.
`;
}

const ADJECTIVES = words(
  'calm brave quiet swift bright gentle proud merry clever sunny frosty golden silver amber mellow nimble',
);
const ANIMALS = words('otter lark fox heron badger falcon beaver marten plover salmon ibex lynx raven tern stoat wren');
const PLACES = words(
  'harbor meadow canyon island forest valley glacier delta lagoon summit prairie orchard tundra cavern reef fjord',
);

function words(list: string): readonly string[] {
  return list.split(' ');
}

/** Easy to type; about 32 bits, behind loopback and a growing delay, for as long as the demo runs. */
function passphrase(): string {
  const pick = (list: readonly string[]): string => list[randomInt(list.length)]!;
  return `${pick(ADJECTIVES)}-${pick(ANIMALS)}-${pick(PLACES)}-${randomInt(100_000, 1_000_000)}`;
}
