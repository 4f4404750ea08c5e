/**
 * Loaded by `node --import` in one benchmark only: appends to the file BENCH_WATCH_TIMES, for each OPEN of the watch socket,
 * the milliseconds from its arrival in the process to the moment its SCREEN was handed to the kernel.
 */
import { register } from 'node:module';

const AROUND = `
import { appendFileSync } from 'node:fs';
export function serveWatchSocket(ws, context) {
  const opened = new Map();
  ws.on('message', (data) => {
    if (data[0] === 0x01) opened.set(data.readUInt16BE(1), performance.now());
  });
  const send = ws.send.bind(ws);
  ws.send = (frame, ...rest) => {
    send(frame, ...rest);
    const number = (frame[1] << 8) | frame[2];
    if (frame[0] !== 0x91 || !opened.has(number)) return;
    appendFileSync(process.env.BENCH_WATCH_TIMES, (performance.now() - opened.get(number)).toFixed(3) + '\\n');
    opened.delete(number);
  };
  serve(ws, context);
}`;
const HOOKS = `
export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (!url.endsWith('/web-terminal/watch-socket.js')) return loaded;
  const source = String(loaded.source).replace('export function serveWatchSocket', 'function serve');
  return { ...loaded, source: source + ${JSON.stringify(AROUND)} };
}`;
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
