/**
 * What a reload must find again: which terminals were open, where, and their session ids. Kept in sessionStorage, which
 * belongs to one browser tab and dies with it. No output, no ticket, no secret.
 */
import { allPanes, EMPTY_LAYOUT, type Layout, type PaneTree } from './layout.js';

export interface KeptPane {
  readonly pane: string;
  readonly hostId: string;
  readonly accountId: string;
  /** Absent when it never opened. */
  readonly sessionId?: string;
}
export interface Kept {
  /** Whose terminals they are: another user of the same browser tab must not find them. */
  readonly userId: string;
  readonly panes: readonly KeptPane[];
  readonly layout: Layout;
}
export const NOTHING_KEPT: Kept = { userId: '', panes: [], layout: EMPTY_LAYOUT };
export const KEPT_KEY = 'sallyport.terminals';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readTree(value: unknown, depth = 0): PaneTree | undefined {
  if (!isRecord(value) || depth > 16) return undefined;
  if (typeof value.pane === 'string') return { pane: value.pane };
  const first = readTree(value.first, depth + 1);
  const second = readTree(value.second, depth + 1);
  const { split, ratio } = value;
  if (!first || !second || (split !== 'row' && split !== 'column') || typeof ratio !== 'number') return undefined;
  return { split, ratio, first, second };
}

/** Anything that does not fit is dropped: the worst that follows is an empty page. */
export function readKept(stored: string | null): Kept {
  if (stored === null) return NOTHING_KEPT;
  let json: unknown;
  try {
    json = JSON.parse(stored);
  } catch {
    return NOTHING_KEPT;
  }
  if (!isRecord(json) || !Array.isArray(json.panes) || !isRecord(json.layout) || !Array.isArray(json.layout.tabs)) {
    return NOTHING_KEPT;
  }
  const panes: KeptPane[] = [];
  for (const item of json.panes as unknown[]) {
    if (!isRecord(item)) continue;
    const { pane, hostId, accountId, sessionId } = item;
    if (typeof pane !== 'string' || typeof hostId !== 'string' || typeof accountId !== 'string') continue;
    panes.push({ pane, hostId, accountId, ...(typeof sessionId === 'string' ? { sessionId } : {}) });
  }
  const tabs: Layout['tabs'][number][] = [];
  for (const item of json.layout.tabs as unknown[]) {
    if (!isRecord(item)) continue;
    const tree = readTree(item.tree);
    if (!tree || typeof item.id !== 'string' || typeof item.focused !== 'string') continue;
    tabs.push({ id: item.id, tree, focused: item.focused });
  }
  const active = typeof json.layout.active === 'string' ? json.layout.active : tabs[0]?.id;
  const layout: Layout = { tabs, active };
  const placed = allPanes(layout);
  const known = new Set(panes.map((pane) => pane.pane));
  const whole = new Set(placed).size === placed.length && placed.every((pane) => known.has(pane));
  return whole && typeof json.userId === 'string'
    ? { userId: json.userId, panes: panes.filter((pane) => placed.includes(pane.pane)), layout }
    : NOTHING_KEPT;
}

export const writeKept = (kept: Kept): string => JSON.stringify(kept);

/** `open=<hostId>.<accountId>` of the address, in order. */
export function readOpenList(values: readonly string[]): readonly { hostId: string; accountId: string }[] {
  return values.flatMap((value) => {
    const match = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,64})$/.exec(value);
    return match?.[1] && match[2] ? [{ hostId: match[1], accountId: match[2] }] : [];
  });
}
export const writeOpen = (target: { readonly hostId: string; readonly accountId: string }): string =>
  `${target.hostId}.${target.accountId}`;

/** Which of the wanted targets are not open yet; two of one kind need two panes. */
export function missingTargets<T extends { readonly hostId: string; readonly accountId: string }>(
  wanted: readonly T[],
  open: readonly { readonly hostId: string; readonly accountId: string }[],
): readonly T[] {
  const left = open.map(writeOpen);
  return wanted.filter((target) => {
    const at = left.indexOf(writeOpen(target));
    if (at < 0) return true;
    left.splice(at, 1);
    return false;
  });
}
