/**
 * What the address of the terminal page carries: `/terminal?open=HOST.ACCOUNT`, repeated for several. With `split=1`
 * the last one opens beside the terminal in front, not in a tab of its own.
 */
export interface TerminalSearch {
  open?: string[];
  split?: '1';
}

export function terminalSearch(raw: Record<string, unknown>): TerminalSearch {
  const open = [raw.open].flat().filter((one): one is string => typeof one === 'string' && one !== '');
  return { ...(open.length > 0 && { open }), ...(raw.split === '1' && { split: '1' }) };
}
