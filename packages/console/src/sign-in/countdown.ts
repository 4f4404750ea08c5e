import { useEffect, useState } from 'react';

/** Whole seconds left until a moment set by `start(seconds)`. */
export function useCountdown(): [left: number, start: (seconds: number) => void] {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(0);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setNow(Date.now()), 250);
    return () => clearTimeout(timer);
  });
  const start = (seconds: number) => {
    const at = Date.now();
    setNow(at);
    setUntil(at + (Number.isFinite(seconds) ? Math.max(1, seconds) : 1) * 1000);
  };
  return [left, start];
}
