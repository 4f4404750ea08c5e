import type { Socket } from 'node:net';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import { lossDetail } from './failure.js';
import { peerText } from './peer-text.js';

/** What we are to a host; the library repeats it after `SSH-2.0-`. */
export const OUR_NAME = 'Sallyport';
const OUR_LINE = `SSH-2.0-${OUR_NAME}\r\n`;

/** RFC 4253 allows lines of text before the identification, and bounds neither: we do. */
const GREETING_BYTES_MAX = 64 * 1024;
const IDENT_BYTES_MAX = 255;

/**
 * Exchanges the identification lines before the library sees the socket: it loses bytes of a line that arrives in more
 * than two pieces, and cannot name a peer that does not speak SSH. What follows the line is put back into the socket.
 */
export function exchangeGreetings(socket: Socket, address: string): Promise<Result<string>> {
  return new Promise((resolve) => {
    let seen: Buffer = Buffer.alloc(0);
    const finish = (result: Result<string>): void => {
      socket.off('data', onData).off('end', onEnd).off('error', onError).off('close', onEnd);
      socket.pause();
      resolve(result);
    };
    const notSsh = (detail: string): void => finish(fail('target.not-ssh', { address, detail }));
    const onError = (error: Error): void => finish(fail('target.lost', { address, detail: lossDetail(error) }));
    const onEnd = (): void => {
      if (seen.length > 0) notSsh(`it said “${peerText(seen.toString('latin1', 0, 120))}” and hung up`);
      else finish(fail('target.lost', { address, detail: 'closed before any greeting' }));
    };
    const onData = (chunk: Buffer): void => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const start = identStart(seen);
      const end = start < 0 ? -1 : seen.indexOf(0x0a, start);
      if (end < 0) {
        if (seen.length > GREETING_BYTES_MAX) notSsh('endless text instead of a greeting');
        else if (start >= 0 && seen.length - start > IDENT_BYTES_MAX) notSsh('its greeting is too long');
        else if (!looksLikeText(seen)) notSsh('binary data instead of a greeting');
        return;
      }
      const ident = seen.toString('latin1', start, end).replace(/\r$/, '');
      if (ident.length > IDENT_BYTES_MAX) notSsh('its greeting is too long');
      else if (!/^SSH-(2\.0|1\.99)-/.test(ident)) notSsh(`its greeting is “${peerText(ident)}”`);
      else {
        finish(ok(peerText(ident)));
        socket.unshift(seen.subarray(start));
      }
    };
    socket.on('data', onData).once('end', onEnd).once('close', onEnd).once('error', onError);
    socket.write(OUR_LINE);
    swallowSecondGreeting(socket);
    socket.resume();
  });
}

/** Start of the line that opens with `SSH-`, or -1. */
function identStart(seen: Buffer): number {
  if (seen.subarray(0, 4).equals(Buffer.from('SSH-'))) return 0;
  const at = seen.indexOf('\nSSH-');
  return at < 0 ? -1 : at + 1;
}

/** A TLS or database port answers with binary at once: say so instead of waiting for the timeout. */
const looksLikeText = (seen: Buffer): boolean => !seen.subarray(0, 1024).includes(0);

/** The library will write the same line first of all; the host must get it once. */
function swallowSecondGreeting(socket: Socket): void {
  const own = socket.write;
  socket.write = function write(this: Socket, ...args: unknown[]): boolean {
    socket.write = own;
    const [chunk] = args;
    if (Buffer.isBuffer(chunk) && chunk.toString('latin1') === OUR_LINE) return true;
    return Reflect.apply(own, this, args) as boolean;
  } as Socket['write'];
}
