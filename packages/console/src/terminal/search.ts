/** What the address of the terminal page carries: `/terminal?open=HOST.ACCOUNT`, repeated for several. */
export interface TerminalSearch {
  open?: string[];
}

export function terminalSearch(raw: Record<string, unknown>): TerminalSearch {
  const open = [raw.open].flat().filter((one): one is string => typeof one === 'string' && one !== '');
  return open.length > 0 ? { open } : {};
}
