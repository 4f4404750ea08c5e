/**
 * Condition: a yes-or-no question in data, about `subject`, `action`, `resource` and `context`. The language is given to
 * the book from outside (CEL in the gateway), so the core and the console carry no parser. A condition that cannot be
 * answered throws; who asks says what that means.
 */
import type { Properties } from './properties.js';

export interface Bindings {
  readonly subject: Properties;
  readonly action: Properties;
  readonly resource: Properties;
  readonly context: Properties;
}
export type Condition = (bindings: Bindings) => boolean;

/** Where and why a text is not a condition. */
export interface ConditionFault {
  readonly code: string;
  readonly message: string;
  readonly column: number;
}

export interface ConditionLanguage {
  readonly name: string;
  /** Type-checked, and remembered: asking twice for the same text costs a look-up. */
  compile(
    source: string,
  ): { readonly ok: true; readonly condition: Condition } | { readonly ok: false; readonly fault: ConditionFault };
}

export type Truth = 'yes' | 'no' | 'error';

/** A text that does not compile is an error each time it is asked, not an exception. */
export function askCondition(language: ConditionLanguage, source: string, bindings: Bindings): Truth {
  const compiled = language.compile(source);
  if (!compiled.ok) return 'error';
  try {
    return compiled.condition(bindings) ? 'yes' : 'no';
  } catch {
    return 'error';
  }
}

/** For books without conditions: every text is a fault. */
export const NO_CONDITIONS: ConditionLanguage = {
  name: 'none',
  compile: () => ({
    ok: false,
    fault: { code: 'no-language', message: 'This book has no condition language.', column: 0 },
  }),
};
