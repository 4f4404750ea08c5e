import { endWords } from '@sallyport/core/model/end-words.js';
import { describeProblem, isProblemCode } from '@sallyport/core/model/problem.js';
import type { AuditAnswer } from '@sallyport/core/wire/api-answers.js';
import { details } from '../i18n/en/details.js';
import { apiLanguage } from '../i18n/language.js';
import type { MessageKey } from '../i18n/messages.js';
import type { Text } from '../i18n/text.js';
import type { TargetNames } from './target-names.js';

type Detail = NonNullable<AuditAnswer['detail']>;
type Word = keyof typeof details;
const isWord = (key: string): key is Word => Object.hasOwn(details, key);

/** The detail of an entry in the reader's words. A field or value this version has no word for stays as it came. */
export function detailWords(
  { detail = {}, target = '' }: Pick<AuditAnswer, 'detail' | 'target'>,
  t: Text,
  names: TargetNames,
): readonly (readonly [name: string, value: string])[] {
  const host = names.get(target);
  const known = { ...(host !== undefined && { host }), ...detail };
  return Object.entries(detail).map(([key, value]) => [
    isWord(key) ? t(`details.${key}`) : key,
    // Some entries name the host by its id.
    (key === 'host' && names.get(`host:${value}`)) || valueWords(key, value, known, t),
  ]);
}

function valueWords(key: string, value: Detail[string], detail: Detail, t: Text): string {
  if (typeof value === 'boolean') return t(value ? 'details.yes' : 'details.no');
  const said = String(value);
  const word = wordOf(key, said);
  if (word !== undefined) return t(word);
  switch (key) {
    case 'code':
      return causeWords(said, detail, t);
    case 'reason':
      return endWords({ kind: said }, apiLanguage(t.language));
    case 'changed':
      return said
        .split(' ')
        .map((field) => (isWord(field) ? t(`details.${field}`) : field))
        .join(t.language === 'zh-CN' ? '、' : ', ');
    default:
      return said;
  }
}

/** What was asked for, of a refusal. */
export function operationWords(operation: string, t: Text): string {
  const word = wordOf('operation', operation);
  return word === undefined ? operation : t(word);
}

/** The message of a value that is one of a few words. */
function wordOf(key: string, value: string): MessageKey | undefined {
  if (key === 'role' && (value === 'admin' || value === 'operator' || value === 'auditor'))
    return `inventory.role-${value}`;
  if (key === 'kind' && (value === 'password' || value === 'key')) return `inventory.secret-${value}`;
  const word = `${key}-${value}`;
  return (key === 'reason' || key === 'operation') && isWord(word) ? `details.${word}` : undefined;
}

/** The sentence of a code, as far as the entry holds what it names; else the code. */
function causeWords(code: string, known: Detail, t: Text): string {
  if (!isProblemCode(code)) return code;
  const params = Object.fromEntries(Object.entries(known).map(([key, value]) => [key, String(value)]));
  const { title } = describeProblem({ code, params }, apiLanguage(t.language));
  // The first sentence says what happened; what follows its colon can be left out.
  const [first = code] = title.replace(/[:：]\s*\?/g, '').split(/(?<=\.)\s+|(?<=。)/);
  return first.includes('?') ? code : first;
}
