/** The data blocks of a bundle as values. Each block is taken out of the page once it is read: its text is twice its size. */
import { type EvidenceFacts, FACTS_ID, PIECE_CLASS } from '@sallyport/core/evidence/evidence-bundle.js';

export interface Bundle {
  readonly facts: EvidenceFacts;
  /** The container, as it was stored. */
  readonly container: Blob;
}

export function readBundle(page: Document): Bundle | undefined {
  const text = page.getElementById(FACTS_ID)?.textContent;
  if (text === undefined || text === null) return undefined;
  const facts = JSON.parse(text) as EvidenceFacts;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (const block of page.querySelectorAll<HTMLElement>(`script.${PIECE_CLASS}`)) {
    pieces.push(pieceBytes(block.textContent ?? '', Number(block.dataset.bytes)));
    block.remove();
  }
  return { facts, container: new Blob(pieces) };
}

/** A block that cannot be read is as many zeros, so that what is behind it keeps its place and the damage is located. */
function pieceBytes(base64: string, bytes: number): Uint8Array<ArrayBuffer> {
  const length = Number.isSafeInteger(bytes) && bytes >= 0 ? Math.min(bytes, base64.length) : 0;
  const piece = new Uint8Array(length);
  try {
    const text = atob(base64);
    for (let n = 0; n < length; n += 1) piece[n] = text.charCodeAt(n);
  } catch {
    piece.fill(0);
  }
  return piece;
}
