/** What the routes are made of; given by app/compose. */
import type { SettingAnswer } from '@sallyport/core/wire/api-answers.js';
import type { Evidence } from '../../../gateway/evidence.js';
import type { EvidenceBundler } from '../../../gateway/evidence-bundle.js';
import type { Gateway } from '../../../gateway/gateway.js';
import type { ImportRecording } from '../../../gateway/import-recording.js';
import type { RecordingKeeper } from '../../../gateway/keep/recording-keeper.js';
import type { AuditLog } from '../../../gateway/ports/audit-log.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import type { Directory } from '../../../gateway/ports/directory.js';
import type { Identity } from '../../../gateway/ports/identity.js';
import type { KeyInspector } from '../../../gateway/ports/key-inspector.js';
import type { NoteStore } from '../../../gateway/ports/note-store.js';
import type { RecordingRenderer } from '../../../gateway/ports/recording-renderer.js';
import type { RecordingStore } from '../../../gateway/ports/recording-store.js';
import type { SessionStore } from '../../../gateway/ports/session-store.js';
import type { Vault } from '../../../gateway/ports/vault.js';
import type { ReplayIndexes } from '../../../gateway/replay-indexes.js';
import type { SessionEvents } from '../../../gateway/session-events.js';
import type { ViewingBook } from '../../../gateway/viewing-book.js';

export interface HttpLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Services {
  readonly gateway: Gateway;
  readonly directory: Directory;
  readonly sessions: SessionStore;
  readonly recordings: RecordingStore;
  readonly replayIndexes: ReplayIndexes;
  readonly viewings: ViewingBook;
  readonly events: SessionEvents;
  readonly keeper: RecordingKeeper;
  readonly notes: NoteStore;
  readonly importRecording: ImportRecording;
  readonly renderer: RecordingRenderer;
  readonly audit: AuditLog;
  readonly evidence: Evidence;
  readonly bundler: EvidenceBundler;
  readonly vault: Vault;
  readonly identity: Identity;
  readonly clock: Clock;
  /** As `config show --origin` prints them, secrets masked already. */
  readonly settings: readonly SettingAnswer[];
  readonly inspectKey: KeyInspector;
  readonly random: (bytes: number) => Uint8Array;
  readonly version: string;
  readonly demo: boolean;
}
