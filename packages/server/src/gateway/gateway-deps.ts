/** What the gateway is made of: its ports and its numbers. */
import type { Control } from './control/control.js';
import type { SessionOptions } from './live-session.js';
import type { AuditLog } from './ports/audit-log.js';
import type { Clock } from './ports/clock.js';
import type { Directory } from './ports/directory.js';
import type { RecordingStore } from './ports/recording-store.js';
import type { Screens } from './ports/screens.js';
import type { SessionStore } from './ports/session-store.js';
import type { TargetConnector } from './ports/target-connector.js';
import type { Vault } from './ports/vault.js';

export interface GatewayLog {
  error(fields: object, message: string): void;
  info(fields: object, message: string): void;
}
export interface GatewayDeps {
  readonly directory: Directory;
  readonly sessions: SessionStore;
  readonly recordings: RecordingStore;
  readonly screens: Screens;
  readonly audit: AuditLog;
  readonly control: Control;
  readonly vault: Vault;
  readonly connector: TargetConnector;
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
  readonly log: GatewayLog;
  /** Stable over restarts of the same node: its own left-over rows are ended at start. */
  readonly nodeId: string;
  readonly limits: { readonly perUser: number; readonly perHost: number };
  readonly options: SessionOptions;
}
