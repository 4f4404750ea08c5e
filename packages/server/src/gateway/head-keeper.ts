/**
 * Signs the heads of the audit log and of the ledger, and keeps them in every head log: at the start and the end, at
 * what must not wait (a deletion, another key), and otherwise within a minute of any change. A head log that cannot be
 * written is told and tried again with the next head; the chains themselves are not held up by it.
 */
import { headMessage, type SignedHead, signedHead } from '@sallyport/core/evidence/signed-head.js';
import type { AuditLog } from './ports/audit-log.js';
import type { Clock } from './ports/clock.js';
import type { HeadLog } from './ports/head-log.js';
import type { RecordingLedger } from './ports/recording-ledger.js';
import type { Signer } from './ports/signer.js';

const SIGN_MS = 60_000;

export interface HeadKeeperParts {
  readonly audit: AuditLog;
  readonly ledger: RecordingLedger;
  readonly signer: Signer;
  readonly logs: readonly HeadLog[];
  readonly clock: Clock;
}
export interface HeadKeeper {
  /** Signs now, unless nothing changed since. Answers the head that stands. */
  sign(): Promise<SignedHead>;
  /** Goes on signing, once a minute at most. */
  start(failed: (error: unknown) => void): void;
  /** Signs for the last time. */
  stop(): Promise<void>;
}

export function createHeadKeeper({ audit, ledger, signer, logs, clock }: HeadKeeperParts): HeadKeeper {
  let last: SignedHead | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let cancel = (): void => {};
  let stopped = false;
  let failed: (error: unknown) => void = () => {};

  async function signNow(): Promise<SignedHead> {
    // The audit log first: it tells of what the ledger then must hold.
    const statement = { audit: await audit.head(), ledger: await ledger.head(), at: clock.now() };
    let keyBytes: Uint8Array = new Uint8Array(0);
    const { signature } = signer.sign((keyId) => {
      keyBytes = keyId;
      return headMessage(statement, keyId);
    });
    const head = signedHead(statement, keyBytes, signature);
    // Others may have signed: the command line, an earlier run.
    last ??= (await logs[0]?.newest(1))?.at(-1);
    const { audit: a, ledger: l, keyId } = head;
    if (last?.audit.hash === a.hash && last.ledger.hash === l.hash && last.keyId === keyId) return last;
    const written = await Promise.allSettled(logs.map((log) => log.append(head)));
    for (const one of written) if (one.status === 'rejected') throw one.reason;
    last = head;
    return head;
  }

  const sign = (): Promise<SignedHead> => {
    const mine = turn.then(signNow);
    turn = mine.catch(() => {});
    return mine;
  };

  function again(): void {
    cancel = clock.after(SIGN_MS, () => {
      void sign()
        .catch(failed)
        .finally(() => {
          if (!stopped) again();
        });
    });
  }

  return {
    sign,
    start(tell) {
      failed = tell;
      again();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      cancel();
      await sign().catch(failed);
    },
  };
}
