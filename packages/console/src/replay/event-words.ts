import { operationWords } from '../audit/detail-words.js';
import type { Format } from '../i18n/format.js';
import type { Text } from '../i18n/text.js';
import type { PlacedEvent } from './placed-events.js';

/** One event as a sentence, and what somebody wrote, apart from it. */
export function eventWords(
  { event, atMs, toMs }: PlacedEvent,
  t: Text,
  format: Format,
): { readonly what: string; readonly said?: string } {
  if (event.kind === 'mark') return { what: t('replay.event-mark'), said: event.text };
  const { kind, by, text, until } = event;
  const said = text === undefined ? {} : { said: text };
  switch (kind) {
    case 'watched': {
      const length = format.clock((toMs ?? atMs) - atMs);
      if (until === undefined) return { what: t('replay.event-watching', { by }) };
      return { what: t(event.wall === true ? 'replay.event-watched-wall' : 'replay.event-watched', { by, length }) };
    }
    case 'unfrozen':
      return { what: t('replay.event-unfrozen', { by, count: event.droppedBytes ?? 0 }) };
    case 'attended':
      return { what: t('replay.event-attended', { count: event.droppedBytes ?? 0 }) };
    case 'denied':
      return { what: t('replay.event-denied', { by, operation: operationWords(text ?? '', t) }) };
    case 'watch-refused':
      return { what: t('replay.event-watch-refused', { by }) };
    case 'unrecorded':
    case 'unwatched':
      return { what: t(`replay.event-${kind}`) };
    case 'frozen':
    case 'message':
    case 'resumed':
    case 'ended':
      return { what: t(`replay.event-${kind}`, { by }), ...said };
  }
}
