import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Player, PlayerView } from './player.js';

/** Addresses may change only so often: browsers refuse more. */
const SETTLE_MS = 300;

export const momentOf = (ms: number): string => (ms / 1000).toFixed(1);

/**
 * Keeps the moment in the address while the replay stands still, so that the address bar is the link to it, and follows
 * an address that somebody else changed.
 */
export function useMoment(moment: string | undefined, player: Player | undefined, view: PlayerView): void {
  const navigate = useNavigate();
  const ours = useRef(moment);
  const { state, positionMs } = view;
  useEffect(() => {
    if (state !== 'paused') return;
    const next = momentOf(positionMs);
    if (next === ours.current) return;
    const timer = setTimeout(() => {
      ours.current = next;
      void navigate({ to: '.', search: { t: next }, replace: true, resetScroll: false });
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [state, positionMs, navigate]);
  useEffect(() => {
    if (player === undefined || moment === undefined || moment === ours.current) return;
    ours.current = moment;
    player.pause();
    void player.seek(Number(moment) * 1000);
  }, [moment, player]);
}
