import { useEffect, useRef } from 'react';

/** The focus for a field of a panel that a key opens, also when the panel is drawn only after it. */
export function useFocus<E extends HTMLElement>(shown: boolean) {
  const ref = useRef<E>(null);
  const wanted = useRef(false);
  useEffect(() => {
    if (!shown || !wanted.current) return;
    wanted.current = false;
    ref.current?.focus();
  }, [shown]);
  return {
    ref,
    wanted,
    focus() {
      if (ref.current === null) return;
      wanted.current = false;
      ref.current.focus();
    },
  };
}
