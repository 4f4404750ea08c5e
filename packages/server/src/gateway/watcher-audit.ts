/** Writes down when a session whose host requires a watcher has none, and when it has one. Who watches has rows of its own. */
import type { Session } from '@sallyport/core/model/session.js';
import type { WatcherChange } from './four-eyes.js';
import type { GatewayDeps } from './gateway-deps.js';
import type { LateWork } from './late-work.js';

export function auditWatcher(
  deps: Pick<GatewayDeps, 'audit' | 'options'>,
  late: LateWork,
  row: Session,
): (change: WatcherChange) => void {
  return (change) =>
    void late.run('auditing a required watcher', row.id, async (since) => {
      const back = change.kind === 'attended';
      await deps.audit.append({
        action: back ? 'session.watcher-back' : 'session.watcher-missing',
        result: 'ok',
        actor: 'system',
        source: 'local',
        target: `session:${row.id}`,
        detail: {
          ...{ host: row.hostName, user: row.userName },
          ...(back ? { droppedBytes: change.droppedBytes } : {}),
          ...(!back && change.endsAt !== undefined ? { graceMs: deps.options.watcherGraceMs } : {}),
          ...(since === undefined ? {} : { since }),
        },
      });
    });
}
