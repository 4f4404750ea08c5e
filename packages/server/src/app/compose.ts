/** Composition: every part is made here, from the settings, and nowhere else. A cluster will be a swap in this file. */
import { randomBytes } from 'node:crypto';
import { VERSION } from '@sallyport/core/model/version.js';
import { createSshConnector } from '../edges/egress/ssh-client/create-ssh-connector.js';
import { inspectPrivateKey } from '../edges/egress/ssh-client/private-key.js';
import { createHttpApi } from '../edges/ingress/http-api/http-api.js';
import { attachWebTerminal } from '../edges/ingress/web-terminal/attach.js';
import { createRecordingRenderer } from '../edges/screen/recording-renderer.js';
import { createDiskRecordingStore } from '../edges/storage/disk/disk-recording-store.js';
import { createImportSpool } from '../edges/storage/disk/import-spool.js';
import { createGateway } from '../gateway/create-gateway.js';
import { createEvidenceBundler } from '../gateway/evidence-bundle.js';
import { createRecordingImport } from '../gateway/import-recording.js';
import { startSweeper } from '../gateway/keep/sweeper.js';
import type { TargetConnector } from '../gateway/ports/target-connector.js';
import { createSessionEvents } from '../gateway/session-events.js';
import { createViewingAudit } from '../gateway/viewing-audit.js';
import { describeSettings, type ResolvedConfig } from './config.js';
import { consoleDirectory, evidencePage } from './console-files.js';
import { prepareDataDirectory } from './data-directory.js';
import { lockData } from './data-lock.js';
import { composeEvidence } from './evidence.js';
import { composeKeeper } from './keeping.js';
import type { Log } from './log.js';
import { proxyWarning } from './proxy-warning.js';
import { composeReplaying } from './replaying.js';
import { portRefusal, StartRefusal } from './start-refusal.js';
import { openStores, type Stores } from './stores.js';
import { systemClock } from './system-clock.js';
import { readTlsFiles } from './tls-files.js';

export interface Server {
  /** Where people reach it, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly stores: Stores;
  liveSessions(): number;
  /** Drains: not ready, sessions ended with `shutdown`, recordings sealed, answers finished. Idempotent. */
  stop(): Promise<void>;
}

export interface ComposeOptions {
  readonly config: ResolvedConfig;
  readonly log: Log;
  /** Another way to targets; the demo brings its own. */
  readonly connector?: TargetConnector;
  readonly demo?: boolean;
}

/** One node until there is a cluster: a restart knows its own left-over rows by this name. */
const NODE_ID = 'local';
/** Longer than the gateway needs to end sessions and seal recordings; then what is left is cut. */
const HTTP_CLOSE_MS = 12_000;

export async function startServer({ config, log, connector, demo = false }: ComposeOptions): Promise<Server> {
  const { values } = config;
  const undo: (() => Promise<void> | void)[] = [];
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        log.error({ err: error }, 'a part could not be closed');
      }
    }
  };

  const proxy = proxyWarning(values);
  if (proxy !== undefined) log.warn({ next: proxy.next }, proxy.detail);

  try {
    process.umask(0o077);
    prepareDataDirectory(values.data);
    const locked = await lockData(values.data);
    if (!locked.ok) {
      const who = locked.pid === undefined ? 'Another Sallyport' : `Another Sallyport (process ${locked.pid})`;
      throw new StartRefusal(
        `${who} serves ${values.data} already.`,
        'Stop it, or name another directory with --data.',
      );
    }
    undo.push(() => locked.lock.release());

    const stores = await openStores(values);
    undo.push(() => stores.close());
    const recordings = createDiskRecordingStore({
      directory: stores.paths.recordings,
      clock: systemClock,
      evidence: { signer: stores.signer, ledger: stores.ledger },
      keys: stores.recordingKeys,
      encrypt: values.recordingEncryption === 'on',
    });
    const evidence = composeEvidence(stores, recordings, log);
    undo.push(() => evidence.close());
    undo.push(() => recordings.close());
    await evidence.begin();
    const replaying = composeReplaying(stores, recordings, log);
    undo.push(() => replaying.close());

    const gateway = createGateway({
      directory: stores.directory,
      sessions: stores.sessions,
      audit: stores.audit,
      control: stores.control,
      vault: stores.vault,
      recordings: replaying.recordings,
      screens: replaying.screens,
      connector: connector ?? createSshConnector(),
      clock: systemClock,
      random: randomBytes,
      log,
      nodeId: NODE_ID,
      limits: { perUser: values.maxSessionsPerUser, perHost: values.maxSessionsPerHost },
      options: {
        resumeWindowMs: values.resumeWindow,
        idleMs: values.idleLimit,
        absoluteMs: values.sessionLimit,
        watchNotice: values.watchNotice,
        watcherGraceMs: values.watcherGrace,
      },
    });
    undo.push(() => gateway.shutdown()); // a start that fails further on leaves no timer behind
    undo.push(stores.identity.onRevoked((userId) => gateway.endUser(userId)));
    const { rows, recordings: repaired } = await gateway.recover();
    if (rows > 0) log.warn({ rows }, 'ended the sessions that an earlier run left open');
    repaired.then(
      (count) => count > 0 && log.warn({ recordings: count }, 'sealed the recordings that an earlier run left open'),
      (error: unknown) => log.error({ err: error }, 'the recordings of an earlier run could not be repaired'),
    );

    const keeper = composeKeeper(stores, recordings, values.retentionFloor, log);
    const sweeper = startSweeper(keeper, systemClock, log);
    undo.push(() => sweeper.stop());

    const renderer = createRecordingRenderer();
    undo.push(() => renderer.close());
    const importRecording = createRecordingImport({
      sessions: stores.sessions,
      recordings: replaying.recordings,
      audit: stores.audit,
      clock: systemClock,
      random: randomBytes,
      nodeId: NODE_ID,
      spool: createImportSpool(stores.paths.imports),
      maxImportBytes: values.maxImportSize,
    });
    const bundler = createEvidenceBundler({
      sessions: stores.sessions,
      recordings,
      recordingKeys: stores.recordingKeys,
      ledger: stores.ledger,
      audit: stores.audit,
      evidence,
      clock: systemClock,
      version: VERSION,
      signHeads: () => stores.heads.sign(),
      page: evidencePage,
    });
    const viewings = createViewingAudit({
      audit: stores.audit,
      replayIndexes: replaying.replayIndexes,
      clock: systemClock,
      log,
    });
    undo.push(() => viewings.close());
    const http = await createHttpApi({
      bundler,
      importRecording,
      renderer,
      keeper,
      notes: stores.notes,
      evidence,
      gateway,
      directory: stores.directory,
      sessions: stores.sessions,
      recordings,
      replayIndexes: replaying.replayIndexes,
      viewings,
      events: createSessionEvents(stores.audit, values.watchNotice),
      audit: stores.audit,
      vault: stores.vault,
      identity: stores.identity,
      clock: systemClock,
      settings: describeSettings(config).map(({ from: _, ...setting }) => setting),
      inspectKey: inspectPrivateKey,
      version: VERSION,
      demo,
      publicUrl: values.publicUrl,
      trustedProxies: values.trustedProxies,
      tls: readTlsFiles(values),
      consoleDirectory: consoleDirectory(),
      log,
    });
    const terminal = attachWebTerminal({
      server: http.server,
      authenticateUpgrade: http.authenticateUpgrade,
      gateway,
      signIns: stores.identity,
      clock: systemClock,
      log,
    });
    const tell = (action: 'server.start' | 'server.stop') =>
      stores.audit.append({ action, result: 'ok', actor: 'system', source: 'local', detail: { version: VERSION } });
    // Before anybody can be served: a start that cannot be written down is refused whole (V41).
    await tell('server.start');
    const { address, port } = await http
      .listen(values.http.host, values.http.port)
      .catch(async (error: NodeJS.ErrnoException) => {
        await tell('server.stop').catch(() => {});
        throw portRefusal(error, values.http.host, values.http.port);
      });

    const drain = async (): Promise<void> => {
      // Not ready from this moment; people whose sessions end are told before their sockets close.
      try {
        const closed = http.close(HTTP_CLOSE_MS);
        await gateway.shutdown();
        terminal.close();
        await closed;
        await tell('server.stop');
      } finally {
        // Whatever failed: the database is closed, the recordings are sealed and the directory is free again.
        await unwind();
      }
    };
    let stopping: Promise<void> | undefined;
    return {
      url: values.publicUrl ?? urlOf(values.tlsCert !== undefined, address, port),
      stores,
      liveSessions: () => gateway.liveCount(),
      stop() {
        stopping ??= drain();
        return stopping;
      },
    };
  } catch (error) {
    await unwind();
    throw error;
  }
}

function urlOf(tls: boolean, address: string, port: number): string {
  const host = address === '::' ? '[::1]' : address === '0.0.0.0' ? '127.0.0.1' : address;
  return `${tls ? 'https' : 'http'}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}
