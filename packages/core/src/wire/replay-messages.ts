/** What the API says of a recording's screens. The replay index itself is a file: docs/formats/replay-index.md. */
import { z } from 'zod';

/** 0 to 15 of the reader's theme, or `#rrggbb`. */
const RunColour = z.union([z.number().int(), z.string()]);
export const RunAnswer = z.object({
  text: z.string(),
  fg: RunColour.optional(),
  bg: RunColour.optional(),
  bold: z.literal(true).optional(),
  inverse: z.literal(true).optional(),
});
export const ThumbnailAnswer = z.object({
  /** False: its index is being made, or it never showed anything. */
  ready: z.boolean(),
  thumbnail: z
    .object({
      /** Milliseconds since the recording's start. */
      atMs: z.number(),
      cols: z.number().int(),
      rows: z.number().int(),
      /** From the top; rows and runs without text are left out at their ends. */
      lines: z.array(z.array(RunAnswer)),
      /** Of the whole recording: its length without idle. */
      activeMs: z.number().optional(),
    })
    .optional(),
});
export type ThumbnailAnswer = z.infer<typeof ThumbnailAnswer>;
