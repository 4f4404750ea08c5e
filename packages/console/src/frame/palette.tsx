import type { Place } from './places.js';

export function Palette(_props: { places: readonly Place[]; onClose(): void }) {
  return null;
}
