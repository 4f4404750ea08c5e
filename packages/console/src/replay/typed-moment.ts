/** A moment of a recording as people write it: `90`, `1:30`, `1:02:03.5`. */

const PARTS = /^(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,6}(?:[.,]\d{1,3})?)$/;

/** In milliseconds; undefined: not one. Behind a colon minutes and seconds go to 59. */
export function readMoment(text: string): number | undefined {
  const [found, hours, minutes, seconds = ''] = PARTS.exec(text.trim()) ?? [];
  if (found === undefined) return undefined;
  const s = Number(seconds.replace(',', '.'));
  if ((minutes !== undefined && s >= 60) || (hours !== undefined && Number(minutes) >= 60)) return undefined;
  return Math.round((Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + s) * 1000);
}

/** `1:02:03.5`, read back as the same tenth. */
export function writeMoment(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  const [hours, minutes, seconds] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const two = (text: string | number): string => String(text).padStart(2, '0');
  const rest = Number.isInteger(seconds) ? two(seconds) : seconds.toFixed(1).padStart(4, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
