/**
 * One JSON line per answered request: method, path without its query, status, time, address. No header, cookie, body or
 * query ever gets here (V46); what is not printable ASCII is written as an escape, so that a line stays one line and a
 * terminal showing it stays unharmed (V33).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpLog } from './services.js';

const PATH_SHOWN_CHARACTERS = 256;

export function visible(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function logAnswer(log: HttpLog, request: FastifyRequest, reply: FastifyReply, address: string): void {
  const path = visible((request.raw.url ?? '').split('?', 1)[0]!).slice(0, PATH_SHOWN_CHARACTERS);
  const fields = {
    method: request.method,
    path,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
    address,
  };
  if (reply.statusCode >= 500) log.error(fields, 'request failed');
  else log.info(fields, 'request');
}
