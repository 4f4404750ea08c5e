/** A problem as RFC 9457 JSON, in the language the request asks for. */
import { describeProblem, type Language, PROBLEMS, type Problem } from '@sallyport/core/model/problem.js';
import type { ProblemAnswer } from '@sallyport/core/wire/api-answers.js';
import type { InvalidField } from '@sallyport/core/wire/invalid-fields.js';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

/** The first of our languages in Accept-Language's order of preference; English without one. */
export function languageOf(header: string | undefined): Language {
  const wanted = (header ?? '')
    .split(',', 32)
    .map((part) => {
      const [tag = '', ...rest] = part.trim().toLowerCase().split(';');
      const q = rest.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find((one) => one !== undefined);
      return { tag: tag.trim(), q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { tag } of wanted) {
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN';
    if (tag === 'en' || tag.startsWith('en-')) return 'en';
  }
  return 'en';
}

export function presentProblem(
  found: Problem,
  language: Language,
  fields?: readonly InvalidField[],
): z.infer<typeof ProblemAnswer> {
  const text = describeProblem(found, language);
  return {
    type: `urn:sallyport:problem:${found.code}`,
    title: text.title,
    status: PROBLEMS[found.code].status,
    code: found.code,
    next: text.next,
    params: { ...found.params },
    ...(fields ? { fields: [...fields] } : {}),
  };
}

export function sendProblem(
  reply: FastifyReply,
  found: Problem,
  language: Language,
  fields?: readonly InvalidField[],
): FastifyReply {
  const answer = presentProblem(found, language, fields);
  if (answer.status === 401) reply.header('www-authenticate', 'Bearer realm="sallyport"');
  if (answer.status === 429 && found.params.seconds !== undefined) {
    reply.header('retry-after', found.params.seconds);
  }
  return reply
    .status(answer.status)
    .header('content-language', language)
    .header('vary', 'accept-language')
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(answer))); // as bytes: of a text Fastify would change the type
}
