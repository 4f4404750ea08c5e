/** What passes between the gateway's thread and a screen worker. Everything of one object is done in order. */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { PlacedSnapshot } from '../../gateway/ports/screens.js';

export type ToWorker =
  | {
      readonly kind: 'open';
      readonly object: number;
      readonly size: TerminalSize;
      readonly scrollback?: number;
      readonly offset: number;
    }
  | { readonly kind: 'reopen'; readonly object: number; readonly from: PlacedSnapshot }
  | { readonly kind: 'index'; readonly object: number }
  | { readonly kind: 'close'; readonly object: number }
  | { readonly kind: 'write'; readonly object: number; readonly bytes: Uint8Array; readonly offset?: number }
  | { readonly kind: 'resize'; readonly object: number; readonly size: TerminalSize }
  | ({ readonly object: number; readonly call: number } & Question);
export type Question =
  | { readonly kind: 'settled' | 'scrolledFull' | 'cutOff' | 'table' | 'thumbnail' }
  | { readonly kind: 'snapshot'; readonly history: number }
  | { readonly kind: 'picture'; readonly atMs: number }
  | { readonly kind: 'add'; readonly bytes: Uint8Array }
  | { readonly kind: 'keyframes'; readonly start: number; readonly end: number }
  | { readonly kind: 'file'; readonly recordingBytes: number; readonly head: Uint8Array };
export type FromWorker =
  | { readonly kind: 'parsed'; readonly object: number; readonly bytes: number }
  | { readonly kind: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly call: number; readonly detail: string };
