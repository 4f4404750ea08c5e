/** Effect: what happens to something live when the check that let it in refuses it later. */
export type Effect =
  | { readonly do: 'close' }
  | { readonly do: 'freeze' }
  | { readonly do: 'grace'; readonly ms: number }
  /** Only asked when something begins. */
  | { readonly do: 'new-only' };

export const CLOSE: Effect = { do: 'close' };
export const NEW_ONLY: Effect = { do: 'new-only' };
