export function writeLargeRecording(wanted: {
  readonly file: string;
  readonly sessionId: string;
  readonly bytes: number;
  readonly hours: number;
}): { readonly durationMs: number; readonly outputBytes: number };
