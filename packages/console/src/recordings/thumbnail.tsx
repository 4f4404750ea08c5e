import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { ThumbnailAnswer } from '@sallyport/core/wire/replay-messages.js';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type ApiProblem, get } from '../api/client.js';
import { playable } from '../api/sessions.js';
import { paintPicture } from '../screen-picture.js';

const WIDTH = 80;
const HEIGHT = 45;
const AGAIN_MS = 5_000;
const TRIES = 3;

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
    if (canvas.current && data?.thumbnail) paintPicture(canvas.current, data.thumbnail);
  }, [data]);
  return <canvas ref={canvas} className="thumb" width={2 * WIDTH} height={2 * HEIGHT} />;
}
