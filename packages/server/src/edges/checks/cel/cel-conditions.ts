/**
 * Conditions in CEL over `subject`, `action`, `resource` and `context`. Checked when they are saved: an unknown variable, a
 * type that cannot fit or a result that cannot be a truth is a fault with its column. A missing key is an error when it is
 * asked, so a careful condition begins with `has(...)`.
 *
 * Bounded, as conditions come from people and their input from callers: `matches` is switched off, because the runtime's
 * regular expressions backtrack (V43), and loops over lists do not nest, so cost is the text's length times the list's.
 */

import {
  type ASTNode,
  TypeError as CelTypeError,
  Environment,
  EvaluationError,
  ParseError,
} from '@marcbachmann/cel-js';
import type { Condition, ConditionFault, ConditionLanguage } from '@sallyport/core/policy/condition.js';

const LIMITS = { maxAstNodes: 500, maxDepth: 40 };
const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const SWITCHED_OFF = new Set(['matches']);
/** More conditions than any book should have; then they are compiled anew. */
const MOST_REMEMBERED = 20_000;

type Compiled = ReturnType<ConditionLanguage['compile']>;

export function createCelConditions(): ConditionLanguage {
  const environment = new Environment({ homogeneousAggregateLiterals: false, limits: LIMITS })
    .registerVariable('subject', 'map')
    .registerVariable('action', 'map')
    .registerVariable('resource', 'map')
    .registerVariable('context', 'map');
  const remembered = new Map<string, Compiled>();
  return {
    name: 'cel',
    compile(source) {
      const known = remembered.get(source);
      if (known !== undefined) return known;
      const compiled = compile(environment, source);
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(source, compiled);
      return compiled;
    },
  };
}

function compile(environment: Environment, source: string): Compiled {
  try {
    const parsed = environment.parse(source);
    const refused = refusal(parsed.ast, false);
    if (refused !== undefined) return { ok: false, fault: refused };
    const checked = parsed.check();
    if (!checked.valid) return { ok: false, fault: faultOf(checked.error) };
    if (checked.type !== 'bool' && checked.type !== 'dyn') {
      const message = `A condition is true or false; this is ${checked.type}.`;
      return { ok: false, fault: { code: 'not-a-truth', message, column: 1 } };
    }
    const condition: Condition = (bindings) => {
      const said: unknown = parsed(bindings);
      if (typeof said !== 'boolean') throw new TypeError('a condition that is neither true nor false');
      return said;
    };
    return { ok: true, condition };
  } catch (error) {
    return { ok: false, fault: faultOf(error) };
  }
}

function faultOf(error: unknown): ConditionFault {
  if (error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError) {
    return { code: error.code.replaceAll('_', '-'), message: error.summary, column: (error.range?.start ?? 0) + 1 };
  }
  throw error;
}

/** What the grammar allows and we do not. */
function refusal(node: ASTNode, looping: boolean): ConditionFault | undefined {
  const name = node.op === 'call' || node.op === 'rcall' ? node.args[0] : '';
  const column = node.range.start + 1;
  if (SWITCHED_OFF.has(name)) {
    return { code: 'switched-off', message: `${name} is not available; use startsWith, endsWith or contains.`, column };
  }
  const loops = node.op === 'rcall' && LOOPS.has(name);
  if (loops && looping)
    return { code: 'nested-loop', message: 'A loop over a list cannot stand in another one.', column };
  for (const child of childrenOf(node)) {
    const refused = refusal(child, looping || loops);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  const found: ASTNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (isNode(value)) found.push(value);
  };
  visit(node.args);
  return found;
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
