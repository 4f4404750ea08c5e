import type { AccountAnswer, HostAnswer, HostTestAnswer, Page } from '@sallyport/core/wire/api-answers.js';
import type { Command } from 'commander';
import { accountSecret, namesSecret, type SecretOptions, withSecret } from '../account-secret.js';
import type { ApiClient } from '../api-client.js';
import { type CommonOptions, gatewayOf, remote } from '../command-options.js';
import { EXIT } from '../exit-code.js';
import { Failure, failureOf, usage } from '../failure.js';
import { findHost } from '../finding.js';
import { ago, paint, print, printJson, printTable, tell } from '../terminal.js';

interface AddOptions extends CommonOptions, SecretOptions {
  readonly label?: readonly string[];
  readonly legacyAlgorithms?: boolean;
  readonly requireWatcher?: boolean;
}

export function addHostCommands(program: Command): void {
  const host = program.command('host').description('hosts that people may open');
  remote(host.command('ls [query]').description('list hosts'))
    .addHelpText('before', 'Example: sallyport host ls web\n')
    .action(list);
  remote(
    withSecret(
      host.command('add <name> <[login@]address[:port]>').description('add a host and, with a login, an account on it'),
    )
      .option('--label <key=value>', 'label, may be repeated', (one: string, all: readonly string[] = []) => [
        ...all,
        one,
      ])
      .option('--legacy-algorithms', 'accept SHA-1 and CBC from this host')
      .option('--require-watcher', 'let users type only while somebody else watches'),
  )
    .addHelpText('before', 'Example: sallyport host add web-01 root@10.0.0.4 --key-file ~/.ssh/id_ed25519\n')
    .action(add);
  remote(
    host
      .command('test <name>')
      .description('test network, host key, sign-in and shell')
      .option('--login <login>', 'the account to try (default: the first)'),
  ).action(test);
  remote(
    host
      .command('trust <name> <fingerprint>')
      .description('approve the key a host has shown, by its SHA256 fingerprint'),
  ).action(trust);
}

async function list(query: string | undefined, options: CommonOptions): Promise<void> {
  const { items } = await gatewayOf(options).get<Page<HostAnswer>>('hosts');
  const wanted = query?.toLowerCase() ?? '';
  const hosts = items.filter((host) => {
    const words = [
      host.name,
      host.address,
      host.pinyin ?? '',
      ...Object.entries(host.labels).map((pair) => pair.join('=')),
    ];
    return words.some((word) => word.toLowerCase().includes(wanted));
  });
  if (options.json === true) return printJson({ items: hosts });
  printTable(
    ['NAME', 'ADDRESS', 'ACCOUNTS', 'KEY', 'USED'],
    hosts.map((host) => [
      host.name,
      `${host.address}:${host.port}`,
      host.accounts.map((account) => account.login).join(','),
      keyState(host),
      ago(host.lastUsedAt),
    ]),
  );
  if (items.length === 0) tell('No hosts yet: sallyport host add NAME LOGIN@ADDRESS');
}

function keyState(host: HostAnswer): string {
  if (host.hostKeys.some((key) => key.state === 'approved')) return 'approved';
  return host.hostKeys.some((key) => key.state === 'pending') ? 'waits for approval' : 'not seen';
}

/** `root@10.0.0.4:22`, `[2001:db8::1]:2222`, `2001:db8::1` */
export function parseTarget(raw: string): { login?: string; address: string; port?: number } {
  const at = raw.lastIndexOf('@');
  const place = raw.slice(at + 1);
  const login = at > 0 ? { login: raw.slice(0, at) } : {};
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(place);
  const plain = /^([^:]+)(?::(\d+))?$/.exec(place);
  const match = bracketed ?? plain;
  if (match === null) return { ...login, address: place };
  return { ...login, address: match[1]!, ...(match[2] === undefined ? {} : { port: Number(match[2]) }) };
}

async function add(name: string, target: string, options: AddOptions): Promise<void> {
  const { login, address, port } = parseTarget(target);
  const labels = Object.fromEntries(
    (options.label ?? []).map((label) => {
      const [key = '', ...value] = label.split('=');
      if (key === '' || value.length === 0) throw usage(`--label ${label} must look like env=prod`);
      return [key, value.join('=')];
    }),
  );
  if (login === undefined && namesSecret(options)) {
    throw usage('A secret needs a login', 'Write it before the address: root@10.0.0.4');
  }
  const secret = login === undefined ? undefined : await accountSecret(login, options);
  const gateway = gatewayOf(options);
  const host = await gateway.send<HostAnswer>('POST', 'hosts', {
    name,
    address,
    ...(port === undefined ? {} : { port }),
    labels,
    legacyAlgorithms: options.legacyAlgorithms === true,
    watcherRequired: options.requireWatcher === true,
  });
  const account = login === undefined ? undefined : await addAccount(gateway, host, login, secret);
  if (options.json === true) return printJson({ ...host, accounts: account === undefined ? [] : [account] });
  tell(`Added ${host.name} (${host.address}:${host.port})${login === undefined ? '' : ` with account ${login}`}.`);
  tell(`Next: sallyport host test ${host.name}`);
}

/** A refused secret leaves nothing behind: the corrected command can be given again. */
async function addAccount(
  gateway: ApiClient,
  host: HostAnswer,
  login: string,
  secret: unknown,
): Promise<AccountAnswer> {
  try {
    return await gateway.send<AccountAnswer>('POST', `hosts/${host.id}/accounts`, { login, secret });
  } catch (error) {
    await gateway.send('DELETE', `hosts/${host.id}`).catch(() => {});
    throw error;
  }
}

async function test(name: string, options: CommonOptions & { readonly login?: string }): Promise<void> {
  const gateway = gatewayOf(options);
  const host = await findHost(gateway, name);
  const account = host.accounts.find(({ login }) => options.login === undefined || login === options.login);
  if (account === undefined && options.login !== undefined) {
    throw new Failure(`${host.name} has no account ${options.login}.`, EXIT.notFound);
  }
  const answer = await gateway.send<HostTestAnswer>('POST', `hosts/${host.id}/test`, {
    ...(account === undefined ? {} : { accountId: account.id }),
  });
  if (options.json === true) printJson(answer);
  else {
    const color = { ok: 'green', waiting: 'yellow', failed: 'red' } as const;
    printTable(
      ['STEP', 'STATE', 'TIME', 'DETAIL'],
      answer.steps.map(({ step, state, ms, detail }) => [step, state, `${Math.round(ms)} ms`, detail]),
    );
    const worst = answer.steps.find(({ state }) => state !== 'ok')?.state ?? 'ok';
    if (answer.untried === undefined) {
      tell(paint(color[worst], worst === 'ok' ? 'All steps passed.' : `Stopped: ${worst}.`, process.stderr));
    } else tellUntried(host);
    if (answer.hostKey?.state === 'pending') {
      tell(`Compare ${answer.hostKey.fingerprint} with “ssh-keygen -lf” on the host, then:`);
      tell(`  sallyport host trust ${host.name} ${answer.hostKey.fingerprint}`);
    }
  }
  if (answer.problem !== undefined) throw failureOf(answer.problem);
}

/** Half a test is not a test passed. */
function tellUntried(host: HostAnswer): void {
  tell(paint('yellow', 'Network and host key passed. Sign-in and shell were not tried.', process.stderr));
  tell(`${host.name} has no account yet. Add one, then test again:`);
  tell(`  sallyport account add ${host.name} LOGIN --key-file FILE`);
}

async function trust(name: string, fingerprint: string, options: CommonOptions): Promise<void> {
  const gateway = gatewayOf(options);
  const host = await findHost(gateway, name);
  const key = host.hostKeys.find((candidate) => candidate.fingerprint === fingerprint);
  if (key === undefined) {
    const seen = host.hostKeys.map((one) => `${one.fingerprint} (${one.state})`).join(', ') || 'none';
    throw new Failure(
      `${host.name} has not shown that key. Seen: ${seen}`,
      EXIT.notFound,
      'Run “sallyport host test” first.',
    );
  }
  await gateway.send('POST', `host-keys/${key.id}/approve`);
  if (options.json === true) return printJson({ ...key, state: 'approved' });
  print(`${host.name} ${key.algorithm} ${key.fingerprint} approved`);
}
