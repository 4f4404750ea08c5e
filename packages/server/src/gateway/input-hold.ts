/**
 * Whether a session takes what its user types. While it is held every typed byte is dropped and counted: none is kept
 * for later, because what was typed at one screen may be wrong at another.
 */
export interface InputHold<Why> {
  /** Why it is held; undefined: it is not. */
  readonly why: Why | undefined;
  /** False: they were dropped. */
  lets(bytes: number): boolean;
  /** `takenBack`: bytes that had been let through and did not reach the host. A second reason takes the place of the first. */
  hold(why: Why, takenBack: number): void;
  /** How many bytes were dropped since it was first held; undefined when nothing is held. */
  letGo(): number | undefined;
}

export function createInputHold<Why>(): InputHold<Why> {
  let held: { readonly why: Why } | undefined;
  let dropped = 0;
  return {
    get why() {
      return held?.why;
    },
    lets(bytes) {
      if (held === undefined) return true;
      dropped += bytes;
      return false;
    },
    hold(why, takenBack) {
      held = { why };
      dropped += takenBack;
    },
    letGo() {
      if (held === undefined) return undefined;
      const count = dropped;
      held = undefined;
      dropped = 0;
      return count;
    },
  };
}
