/** Something to be read at a moment: a note, a marker. */
export interface Mark {
  readonly atMs: number;
  readonly text: string;
}
