/** Notes at moments of recordings. They go with their recording: the deletion store removes them when it marks one. */
import type { RecordingNote } from '@sallyport/core/model/recording-note.js';

export interface NoteStore {
  /** False when the recording has as many as it may have; looked at and written in one transaction. */
  add(note: RecordingNote): Promise<boolean>;
  /** Of one recording, by the moment, then by when they were written. */
  of(sessionId: string): Promise<readonly RecordingNote[]>;
  /** True for who took it away, once. */
  remove(sessionId: string, noteId: string): Promise<boolean>;
}
