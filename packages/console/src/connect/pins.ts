/** Hosts pinned to the top, kept in this browser. */
const KEY = 'sallyport.pinned-hosts';

export function readPins(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return new Set(Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []);
  } catch {
    return new Set();
  }
}

/** Pins or unpins, and gives the new set. */
export function togglePin(pins: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(pins);
  if (!next.delete(id)) next.add(id);
  try {
    localStorage.setItem(KEY, JSON.stringify([...next]));
  } catch {
    // storage is forbidden: the pin lasts as long as the page
  }
  return next;
}
