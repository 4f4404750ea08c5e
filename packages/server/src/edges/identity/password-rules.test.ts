import { expect, test } from 'vitest';
import { checkPassword } from './password-rules.js';

const rule = (password: string, name = 'zhangmin'): string => {
  const checked = checkPassword(password, name);
  return checked.ok ? 'ok' : (checked.problem.params.rule ?? '');
};

test('X31: long phrases pass in any script', () => {
  for (const good of [
    'correct horse battery',
    '三更灯火五更鸡正是男儿读书',
    'kX9$vq2!Lm7&',
    'password of my grandmother',
  ]) {
    expect(rule(good)).toBe('ok');
  }
});

test('X31: short, named, repeated and common ones do not', () => {
  expect(rule('elevenchars')).toBe('length');
  expect(rule('我的密码很短')).toBe('length');
  expect(rule('xx-ZhangMin-42-yy')).toBe('name');
  expect(rule('aaaaaaaaaaaaaaaa')).toBe('repeated');
  expect(rule('abababababababab')).toBe('repeated');
  for (const common of [
    'password1234',
    'Password123456',
    'qwertyuiop123',
    '123456789012',
    'admin1234567',
    '1q2w3e4r5t6y',
  ]) {
    expect(rule(common)).not.toBe('ok');
  }
  // A name of one or two characters is in everything.
  expect(rule('correct horse battery', 'o')).toBe('ok');
});
