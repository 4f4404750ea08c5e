/**
 * Where an imported recording comes from. It stands in the session's row and in the recording itself: what a stranger's
 * file says about itself is a claim, and must never look like something this gateway has seen.
 */
export const IMPORT_FORMATS = ['asciicast-v1', 'asciicast-v2', 'asciicast-v3'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportOrigin {
  readonly format: ImportFormat;
  /** As the one who imported it called it; never used as a path. */
  readonly fileName: string;
  /** Hex SHA-256 of the file as it was sent. */
  readonly sha256: string;
  /** UTC ms. */
  readonly importedAt: number;
  readonly importedBy: string;
  /** As the file says. */
  readonly title?: string;
  readonly command?: string;
  readonly recordedAt?: number;
}

/** undefined when the value is no origin: read from a recording's header, which may be anybody's file. */
export function readImportOrigin(value: unknown): ImportOrigin | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const text = (name: string): string => {
    const field = fields.get(name);
    return typeof field === 'string' ? field : '';
  };
  const time = (name: string): number | undefined => {
    const field = fields.get(name);
    return typeof field === 'number' && Number.isFinite(field) ? field : undefined;
  };
  const format = IMPORT_FORMATS.find((known) => known === fields.get('format'));
  if (format === undefined) return undefined;
  const [title, command, recordedAt] = [text('title'), text('command'), time('recordedAt')];
  return {
    format,
    fileName: text('fileName'),
    sha256: text('sha256'),
    importedAt: time('importedAt') ?? 0,
    importedBy: text('importedBy'),
    ...(title === '' ? {} : { title }),
    ...(command === '' ? {} : { command }),
    ...(recordedAt === undefined ? {} : { recordedAt }),
  };
}
