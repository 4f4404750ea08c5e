/**
 * The evidence bundle: one HTML file that holds a recording, what is known of it, and a page that plays and verifies it
 * from disk. docs/formats/evidence-bundle.md gives its parts. Everything that came from outside lies in data blocks,
 * which no browser runs, as base64 or as JSON in which no character can end the block.
 *
 * Rival: an archive of files. It needs an unpacker and a web server before anybody sees anything: pages from disk may
 * read no files beside them. Limit: a browser holds all of it at once, hence MAX_CONTAINER_BYTES.
 */

import type { AuditEntry } from '../model/audit.js';
import type { Recording, Session } from '../model/session.js';
import { escapedJson } from '../terminal/escaped-json.js';
import type { LedgerEntry } from './ledger-entry.js';
import type { SignedHead } from './signed-head.js';
import type { SigningKeyJwk } from './signing-key.js';

export const MAX_CONTAINER_BYTES = 128 * 1024 * 1024;
/** Of the container in one block; a multiple of 3, so that only the last block has padding. */
export const PIECE_BYTES = 768 * 1024;
/** Newest first; more than any recording has, and still a file that opens. */
export const MAX_AUDIT_ROWS = 10_000;

export const FACTS_ID = 'sallyport-facts';
export const PIECE_CLASS = 'sallyport-container';
/** Where the page's template takes the data blocks. */
export const DATA_PLACE = '<!--sallyport-data-->';

export interface EvidenceFacts {
  readonly version: 1;
  /** UTC ms, by whom, and which version of the gateway. */
  readonly madeAt: number;
  readonly madeBy: string;
  readonly gateway: string;
  readonly session: Omit<Session, 'nodeId' | 'leaseUntil'>;
  readonly recording: Recording;
  /** Of this recording, oldest first. */
  readonly ledger: readonly LedgerEntry[];
  /** Signed since the recording's end: the first and the newest. */
  readonly heads: readonly SignedHead[];
  readonly keys: readonly SigningKeyJwk[];
  /** Absent: whoever made it may not read the audit log. */
  readonly audit?: {
    /** Entries about the session and its recording, oldest first. */
    readonly entries: readonly AuditEntry[];
    /** How many older ones there are besides. */
    readonly leftOut: number;
  };
  /** Of an encrypted recording, its own key: 32 bytes, base64url. */
  readonly contentKey?: string;
}

/** JSON that may stand in a script element: `<` could end it, and what nobody sees could hide there. */
export const blockJson = (value: unknown): string =>
  escapedJson(JSON.stringify(value)).replace(
    /[<>&]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export const factsBlock = (facts: EvidenceFacts): string =>
  `<script type="application/json" id="${FACTS_ID}">${blockJson(facts)}</script>\n`;

/** `base64`: of `bytes` bytes. The length is told apart, so that a damaged block cannot move the ones behind it. */
export const pieceBlock = (base64: string, bytes: number): string =>
  `<script type="application/octet-stream" class="${PIECE_CLASS}" data-bytes="${bytes}">${base64}</script>\n`;
