/**
 * Runs the gateway until a signal ends it.
 *
 * An uncaught exception leaves code half run: the state is unknown, so the process logs it and exits with 1; recordings
 * lose at most their last second and the next start closes the rows. An unhandled rejection is one failed task whose
 * state was its own: it is logged as an error, and the sessions of others go on.
 */
import process from 'node:process';
import { type Server, startServer } from './compose.js';
import type { ResolvedConfig } from './config.js';
import { inviteFirstUser } from './invite-first-user.js';
import { createLog, type Log } from './log.js';
import { StartRefusal } from './start-refusal.js';

export interface RunResult {
  readonly exitCode: number;
  readonly mistake?: string;
  readonly next?: string;
}

const EXIT_CONFLICT = 6;
/** A disk that hangs must not keep the process from ending; supervisors kill after 90 s or less. */
const STOP_PATIENCE_MS = 20_000;

export async function runServer(config: ResolvedConfig): Promise<RunResult> {
  const log = createLog(config.values, process.stdout);
  catchStrays(log);
  const started = performance.now();
  let server: Server;
  try {
    server = await startServer({ config, log });
  } catch (error) {
    return refused(error);
  }
  const ms = Math.round(performance.now() - started);
  // Listening for signals comes first: whoever reads “ready” may send one at once.
  const over = untilSignal(server, log);
  log.info({ url: server.url, data: config.values.data, ms }, 'ready');
  await inviteFirstUser(server.stores.identity, server.url, log);
  return { exitCode: await over };
}

export function refused(error: unknown): RunResult {
  if (error instanceof StartRefusal) {
    const next = error.next === undefined ? {} : { next: error.next };
    return { exitCode: EXIT_CONFLICT, mistake: error.message, ...next };
  }
  return { exitCode: 1, mistake: error instanceof Error ? error.message : String(error) };
}

/** Resolves to the exit code after the shutdown. A second signal does not wait. */
export function untilSignal(server: Pick<Server, 'stop' | 'liveSessions'>, log: Log): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (stopping) process.exit(130);
      stopping = true;
      log.info({ signal, sessions: server.liveSessions() }, 'stopping');
      setTimeout(() => {
        log.error('stopping took too long; some recordings may lack their seal');
        process.exit(1);
      }, STOP_PATIENCE_MS).unref();
      server.stop().then(
        () => {
          log.info('stopped');
          resolve(0);
        },
        (error: unknown) => {
          log.error({ err: error }, 'stopping failed');
          resolve(1);
        },
      );
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
    // The terminal that shows us went away; a gateway without one is a service and is told to stop by SIGTERM.
    process.on('SIGHUP', (signal) => {
      if (process.stdout.isTTY) stop(signal);
    });
  });
}

export function catchStrays(log: Log): void {
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a task failed without a handler'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'the process cannot go on');
    process.exit(1);
  });
  process.stdout.on('error', () => {});
}
