import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { ThumbnailAnswer } from '@sallyport/core/wire/replay-messages.js';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type ApiProblem, get } from '../api/client.js';
import { playable } from '../api/sessions.js';
import { TERMINAL_THEMES } from '../terminal/themes.js';

type Picture = NonNullable<ThumbnailAnswer['thumbnail']>;
const WIDTH = 80;
const HEIGHT = 45;
const AGAIN_MS = 5_000;
const TRIES = 3;
const { foreground = '', background = '', ...ansi } = TERMINAL_THEMES.night;
const COLOURS: readonly (string | undefined)[] = [
  ...[ansi.black, ansi.red, ansi.green, ansi.yellow, ansi.blue, ansi.magenta, ansi.cyan, ansi.white],
  ...[ansi.brightBlack, ansi.brightRed, ansi.brightGreen, ansi.brightYellow],
  ...[ansi.brightBlue, ansi.brightMagenta, ansi.brightCyan, ansi.brightWhite],
];

/** Of what is over; an index still being made is asked for again a few times. */
export const thumbnailQuery = (id: string) =>
  queryOptions<ThumbnailAnswer, ApiProblem>({
    queryKey: ['thumbnail', id],
    queryFn: ({ signal }) => get(`recordings/${id}/thumbnail`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchInterval: ({ state }) => (state.data?.ready === false && state.dataUpdateCount < TRIES ? AGAIN_MS : false),
  });

/** The busiest moment, as large as a stamp. Asked for when it comes into sight: looking at it is a row of the audit log. */
export function Thumbnail({ session, may }: { session: SessionAnswer; may: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [seen, setSeen] = useState(false);
  const wanted = may && session.endedAt !== undefined && playable(session);
  const { data } = useQuery({ ...thumbnailQuery(session.id), enabled: wanted && seen });
  useEffect(() => {
    const place = canvas.current;
    if (place === null || !wanted || seen) return;
    const watch = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    watch.observe(place);
    return () => watch.disconnect();
  }, [wanted, seen]);
  useEffect(() => {
    if (canvas.current && data?.thumbnail) paint(canvas.current, data.thumbnail);
  }, [data]);
  return <canvas ref={canvas} className="thumb" width={2 * WIDTH} height={2 * HEIGHT} />;
}

/** Each character is a mark of its colour: at this size letters would be noise. */
function paint(canvas: HTMLCanvasElement, { cols, rows, lines }: Picture): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const cell = Math.min(canvas.width / Math.max(1, cols), canvas.height / Math.max(1, rows) / 2);
  pen.fillStyle = background;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  lines.forEach((runs, row) => {
    let column = 0;
    for (const { text, fg, bg, inverse } of runs) {
      const front = colourOf(inverse ? bg : fg) ?? (inverse ? background : foreground);
      const back = colourOf(inverse ? fg : bg) ?? (inverse ? foreground : undefined);
      const length = [...text].length;
      if (back !== undefined) {
        pen.fillStyle = back;
        pen.fillRect(column * cell, row * 2 * cell, length * cell, 2 * cell);
      }
      pen.fillStyle = front;
      for (const character of text) {
        if (character !== ' ') pen.fillRect(column * cell, (row * 2 + 0.4) * cell, cell * 0.85, cell * 1.2);
        column++;
      }
    }
  });
}

const colourOf = (colour: number | string | undefined): string | undefined =>
  typeof colour === 'number' ? COLOURS[colour] : colour;
