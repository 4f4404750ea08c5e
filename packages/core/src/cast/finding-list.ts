/**
 * Findings of one verification, in the order of the file. A chunk that was seen where it does not belong and is missed
 * where it does, was moved: one finding, not two. Bounded: of a file that is nothing but damage the first are listed.
 */
import { toHex } from '../evidence/base64url.js';
import type { Finding } from './recording-report.js';

const LIMIT = 200;

export class FindingList {
  private readonly findings: Finding[] = [];
  private readonly strays: { readonly hash: string; readonly finding: Finding }[] = [];
  private readonly gaps: { readonly lastHash: string; readonly finding: Finding }[] = [];
  private overflow = 0;

  add(finding: Finding): void {
    if (this.findings.length < LIMIT) this.findings.push(finding);
    else this.overflow += 1;
  }

  /** A whole chunk in a place that is not its own. */
  misplaced(finding: Finding, hash: Uint8Array): void {
    this.strays.push({ hash: toHex(hash), finding });
    this.add(finding);
  }

  /** Chunks that are not where they must be; `last`: the hash of the last of them. */
  missing(finding: Finding, last: Uint8Array): void {
    this.gaps.push({ lastHash: toHex(last), finding });
    this.add(finding);
  }

  /** Something is wrong up to this byte. */
  reaches(byte: number): boolean {
    return this.findings.some(({ to }) => to >= byte);
  }

  list(): readonly Finding[] {
    const moved = new Map<Finding, Finding | undefined>();
    for (const { lastHash, finding: gap } of this.gaps) {
      const first = gap.chunk ?? 0;
      const count = gap.chunks ?? 1;
      const inside = this.strays.filter(({ finding: { chunk = -1 } }) => chunk >= first && chunk < first + count);
      if (count === 1 && !inside.some(({ hash }) => hash === lastHash)) continue;
      for (const { finding } of inside)
        moved.set(finding, { ...finding, kind: 'moved', detail: `chunk ${finding.chunk} stands in another place` });
      if (new Set(inside.map(({ finding }) => finding.chunk)).size === count) moved.set(gap, undefined);
    }
    const found = this.findings.flatMap((one) => (moved.has(one) ? (moved.get(one) ?? []) : one));
    const last = found.at(-1);
    if (this.overflow === 0 || last === undefined) return found;
    const { from, to, fromUs } = last;
    return [...found, { kind: 'more', from, to, fromUs, detail: `and ${this.overflow} more places` }];
  }
}
