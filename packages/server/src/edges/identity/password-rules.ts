/**
 * What a password must be: long, not the name, not a phrase every guesser tries first, not one character over and over.
 * No demands on character classes: length is what costs a guesser (NIST SP 800-63B).
 */
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';

export const PASSWORD_MIN_CHARACTERS = 12;
/** A name shorter than this occurs in too many good passwords by chance. */
const NAME_MIN_CHARACTERS = 3;
const DISTINCT_MIN_CHARACTERS = 5;

/** Words that make up the long passwords guessers try first; what is left beside them must still be long enough. */
const COMMON = [
  'administrator',
  'password',
  'passw0rd',
  'p@ssw0rd',
  'qwertyuiop',
  'qwerty',
  'asdfghjkl',
  'zxcvbnm',
  '1q2w3e4r5t6y',
  '1q2w3e4r',
  '1qaz2wsx3edc',
  '1qaz2wsx',
  'iloveyou',
  'letmein',
  'welcome',
  'changeme',
  'sallyport',
  'admin',
  'root',
  'woaini',
  'abcdefghijklmnopqrstuvwxyz',
  'abcdefgh',
  'abcdef',
  'abc123',
  '01234567890123456789',
  '1234567890',
  '0123456789',
  '123456789',
  '12345678',
  '123456',
  '0987654321',
  '987654321',
  '5201314',
];
/** Characters that must be left when every common word is taken out. */
const OWN_MIN_CHARACTERS = 5;

/** One spelling for what looks the same on every keyboard. */
export const normalPassword = (raw: string): string => raw.normalize('NFC');

export function checkPassword(raw: string, userName: string): Result<string> {
  const password = normalPassword(raw);
  const weak = (rule: string, detail: string) => fail('auth.password-weak', { rule, detail });
  if ([...password].length < PASSWORD_MIN_CHARACTERS) {
    return weak('length', `fewer than ${PASSWORD_MIN_CHARACTERS} characters`);
  }
  const folded = password.toLowerCase();
  const name = userName.normalize('NFC').toLowerCase();
  if ([...name].length >= NAME_MIN_CHARACTERS && folded.includes(name)) return weak('name', 'it contains the name');
  if (new Set(folded).size < DISTINCT_MIN_CHARACTERS) return weak('repeated', 'the same few characters over and over');
  const own = COMMON.reduce((rest, word) => rest.replaceAll(word, ''), folded);
  if (own !== folded && [...own].length < OWN_MIN_CHARACTERS) return weak('common', 'one of the most guessed');
  return ok(password);
}
