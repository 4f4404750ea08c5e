/**
 * The reference evaluator: the specification of a decision, to be read and believed. It looks at everything and keeps
 * nothing, so it costs as much as the book is large; what runs is the planned evaluator, which a law holds to this one.
 *
 * Order: the subject, its blocks, the names, the grants, the user's checks, the resource's checks, what is owed. The first
 * refusal decides, and a later refusal beats an earlier debt: nobody is asked for a code and then refused.
 */
import type { Situation } from './ask-check.js';
import type { Book } from './book.js';
import type { Check } from './check.js';
import type { Decision, Objection, Review } from './decision.js';
import type { Instant } from './instant.js';
import {
  admit,
  builtIn,
  checksFor,
  type Draft,
  exempted,
  loginsLeft,
  metersOf,
  newDraft,
  owingNothing,
  type Passed,
  type Refusal,
  run,
  weigh,
} from './reference-checks.js';
import { grantFor } from './reference-grants.js';
import type { LoginRequest, Request } from './request.js';
import { isPending, type Pending, type See } from './see.js';

export function decide(book: Book, request: Request, see: See, now: Instant): Decision | Pending {
  const draft = newDraft();
  const finish = (outcome: Decision['outcome'], charge: Decision['charge'], why: Refusal): Decision => {
    const obligations = outcome === 'hold' ? draft.owed : outcome === 'allow' ? draft.beside : [];
    const { until, trace } = draft;
    const meters = charge === 'none' ? [] : draft.meters;
    const stamp = { at: now, version: book.version, checkpoint: 'operation' } as const;
    return { ...stamp, outcome, charge, params: {}, ...why, until, obligations, meters, trace };
  };

  const subject = book.tables.subject.get(request.user);
  const access = admit(book, subject, request, see, now, draft);
  if (access !== 'passed') return isPending(access) ? access : finish('deny', 'none', access);
  if (subject === undefined) throw new Error('admitted without a subject');
  draft.meters = metersOf(book, subject, request.operation, now);

  const resource = book.tables.resource.get(request.resource);
  if (resource === undefined) return finish('deny', 'attempt', { code: 'resource-unknown', by: 'resource' });
  const declared = book.tables.type.get(resource.type)?.operations.includes(request.operation) ?? false;
  if (!declared) return finish('deny', 'attempt', { code: 'operation-unknown', by: 'resource' });

  const situation: Situation = { book, subject, resource, request, see, now };
  const granted = grantFor(situation);
  draft.until = Math.min(draft.until, granted.until);
  draft.trace.push(['grants', granted.allowed ? 'pass' : 'deny', granted.by]);
  if (!granted.allowed) return finish('deny', 'attempt', { code: granted.code, by: granted.by });

  for (const half of ['user', 'resource'] as const) {
    for (const check of checksFor(situation, half)) {
      const said = run(check, situation, draft);
      if (said !== 'passed' && isPending(said)) return said;
      if (said === 'passed') continue;
      const free = half === 'resource' && check.name === 'resource-block'; // W36
      return finish('deny', free ? 'none' : 'attempt', said);
    }
  }
  const debt = draft.owed[0];
  if (debt !== undefined) {
    const by = draft.trace.find(([, result]) => result === 'hold')?.[0] ?? '';
    return finish('hold', 'attempt', { code: debt.kind === 'step-up' ? 'step-up-needed' : 'approval-needed', by });
  }
  return finish('allow', 'admit', { code: 'allowed', by: granted.by });
}

/** Named checkpoint `access`: S81. */
export function decideAccess(book: Book, request: LoginRequest, see: See, now: Instant): Decision | Pending {
  const draft = newDraft();
  const access = admit(book, book.tables.subject.get(request.user), request, see, now, draft);
  return access !== 'passed' && isPending(access) ? access : atDoor('access', book, now, draft, access);
}

/** Named checkpoint `login`, after the proof of identity: S79, S80. What is admitted is counted by the claim of the session. */
export function decideLogin(book: Book, request: LoginRequest, see: See, now: Instant): Decision | Pending {
  const draft = newDraft();
  const subject = book.tables.subject.get(request.user);
  const access = admit(book, subject, request, see, now, draft);
  if (access !== 'passed') return isPending(access) ? access : atDoor('login', book, now, draft, access);
  if (subject === undefined) throw new Error('admitted without a subject');
  const check = builtIn(book, 'login-frequency');
  if (exempted(book, subject, check, now, draft)) return atDoor('login', book, now, draft, 'passed');
  const custom = check.does.kind === 'custom';
  const said = custom ? owingNothing(see.answer(check, request)) : loginsLeft(book, subject, see, now);
  return isPending(said) ? said : atDoor('login', book, now, draft, weigh(check, said, draft) ?? 'passed');
}

function atDoor(at: 'login' | 'access', book: Book, now: Instant, draft: Draft, why: Refusal | Passed): Decision {
  const { until, trace } = draft;
  const refused = why !== 'passed';
  return {
    at: now,
    version: book.version,
    checkpoint: at,
    outcome: refused ? 'deny' : 'allow',
    charge: refused || at === 'access' ? 'none' : 'admit',
    params: {},
    ...(refused ? why : { code: 'allowed', by: '' }),
    until,
    obligations: [],
    meters: [],
    trace,
  };
}

/** Decides again for something live: every check, not to the first refusal, and no counter (X44). */
export function review(book: Book, request: Request, see: See, now: Instant): Review | Pending {
  const draft = newDraft();
  const objections: Objection[] = [];
  const object = (check: string, effect: Check['live'], why: Refusal): void => {
    if (effect.do !== 'new-only') objections.push({ check, code: why.code, params: why.params ?? {}, effect });
  };
  const done = (): Review => ({ at: now, version: book.version, until: draft.until, objections });

  const subject = book.tables.subject.get(request.user);
  const access = admit(book, subject, request, see, now, draft);
  if (access !== 'passed') {
    if (isPending(access)) return access;
    object(access.by, { do: 'close' }, access);
  }
  const resource = book.tables.resource.get(request.resource);
  const type = resource === undefined ? undefined : book.tables.type.get(resource.type);
  if (subject === undefined || resource === undefined || type === undefined) {
    if (subject !== undefined) object('resource', { do: 'close' }, { code: 'resource-unknown', by: 'resource' });
    return done();
  }
  if (!type.operations.includes(request.operation)) {
    object('resource', { do: 'close' }, { code: 'operation-unknown', by: 'resource' });
  }
  const situation: Situation = { book, subject, resource, request, see, now };
  const granted = grantFor(situation);
  draft.until = Math.min(draft.until, granted.until);
  if (!granted.allowed) object('grants', type.onRevoke, granted);
  for (const half of ['user', 'resource'] as const) {
    for (const check of checksFor(situation, half)) {
      if (check.live.do === 'new-only' || check.shadow) continue;
      const owed = draft.owed.length;
      const said = run(check, situation, draft);
      if (said !== 'passed' && isPending(said)) return said;
      if (said !== 'passed') object(check.name, check.live, said);
      const debt = draft.owed[owed];
      const code = debt?.kind === 'step-up' ? 'step-up-needed' : 'approval-needed';
      if (debt !== undefined) object(check.name, check.live, { code, by: check.name });
    }
  }
  return done();
}
