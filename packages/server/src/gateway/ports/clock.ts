/** Time as an argument (rule 3). `now` is UTC milliseconds for rows; `monotonic` never steps and times sessions (F10). */
export interface Clock {
  now(): number;
  /** Milliseconds from an arbitrary start; unaffected by clock steps. */
  monotonic(): number;
  /** Calls once after `ms`. Returns the cancel. Timers never keep the process alive. */
  after(ms: number, call: () => void): () => void;
}
