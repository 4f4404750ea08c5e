/** Runs the command line as its users do: as a process, with its own environment and data. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Program {
  readonly node: string;
  readonly script: string;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing of the machine's own settings may reach a test. */
export function cleanEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(SALLYPORT_|XDG_|npm_|NODE_OPTIONS|NODE_ENV|VITEST)/.test(name),
  );
  return { ...Object.fromEntries(own), ...extra };
}

export async function runCommand(
  { node, script }: Program,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Ran> {
  const child = spawn(node, [script, ...args], { env: cleanEnvironment(env) });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  child.stdin.on('error', () => {}); // it may end before it reads
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, stdout, stderr };
}

export interface RunningGateway {
  readonly url: string;
  readonly child: ChildProcess;
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const START_MS = 60_000;

/** `args` begin with `serve` or `demo`. Resolves when it says where it listens; throws with its output when it ends first. */
export async function startGateway(
  { node, script }: Program,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningGateway> {
  const child = spawn(node, [script, ...args], { env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const listening = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = /"url":"([^"]+)"|Console +(\S+)/.exec(text);
      if (found !== null) resolve(found[1] ?? found[2] ?? '');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then(() => reject(new Error(`it ended: ${text}`)));
    setTimeout(() => reject(new Error(`not ready in time: ${text}`)), START_MS).unref();
  });
  const url = await listening;
  return {
    url,
    child,
    output: () => text,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}

/** The setup link, once it is printed. */
export async function setupToken(gateway: RunningGateway): Promise<string> {
  for (;;) {
    const found = /\/setup#([\w-]+)/.exec(gateway.output())?.[1];
    if (found !== undefined) return found;
    await once(gateway.child.stdout!, 'data');
  }
}
