import type { IndexedMarker } from '@sallyport/core/cast/replay-index.js';
import type { ReplaySource } from './source.js';

export type Marker = IndexedMarker;

/** Markers that an imported file brought, from the replay index; sessions of ours have none. */
export const useMarkers = (source: ReplaySource | undefined): readonly Marker[] => source?.markers ?? NONE;
const NONE: readonly Marker[] = [];
