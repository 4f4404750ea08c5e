/** The log: one JSON object per line, or the same lines for people on a terminal. */
import { escapedJson } from '@sallyport/core/terminal/escaped-json.js';
import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './settings.js';

export type Log = Logger;

export function createLog(
  config: Pick<Config, 'logLevel' | 'logFormat'>,
  out: NodeJS.WriteStream & { readonly isTTY?: boolean },
): Log {
  const pretty = config.logFormat === 'pretty' || (config.logFormat === 'auto' && out.isTTY === true);
  const colored = out.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  const destination: DestinationStream = {
    write: (line) => void out.write(pretty ? prettyLine(line, colored) : escapedJson(line)),
  };
  return pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // A second net under the rule that no secret is handed to the log (V46).
      redact: {
        paths: ['password', 'token', 'secret', 'ticket', 'code', '*.password', '*.token', '*.secret', '*.ticket'],
        censor: '********',
      },
    },
    destination,
  );
}

const LEVELS: Readonly<Record<string, { readonly color: number; readonly text: string }>> = {
  debug: { color: 2, text: 'debug' },
  info: { color: 32, text: 'info ' },
  warn: { color: 33, text: 'warn ' },
  error: { color: 31, text: 'error' },
  fatal: { color: 31, text: 'fatal' },
};

/** `14:02:11 info  message  key=value`; text from outside cannot start a line of its own (V33). */
export function prettyLine(json: string, colored: boolean): string {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(json);
  } catch {
    return json;
  }
  const { time, level, msg, err, ...rest } = fields;
  const paint = (color: number, text: string): string => (colored ? `\u001b[${color}m${text}\u001b[0m` : text);
  const { color, text } = LEVELS[String(level)] ?? { color: 0, text: String(level) };
  const clock = String(time).slice(11, 19);
  const pairs = Object.entries(rest).map(([key, value]) => `${key}=${visibleText(valueText(value))}`);
  const fault = err as { stack?: string; message?: string } | undefined;
  const trace = fault === undefined ? '' : `\n  ${visibleLines(fault.stack ?? fault.message ?? '')}`;
  const tail = pairs.length === 0 ? '' : `  ${paint(2, pairs.join(' '))}`;
  return `${paint(2, clock)} ${paint(color, text)} ${visibleText(String(msg ?? ''))}${tail}${trace}\n`;
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const visibleLines = (text: string): string => text.split('\n').map(visibleText).join('\n  ');
