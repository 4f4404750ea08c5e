import { expect, test } from 'vitest';
import { insidePath } from './inside-path.js';

test('the way on stays inside', () => {
  expect(insidePath('/recordings/abc?t=4')).toBe('/recordings/abc?t=4');
  expect(insidePath(undefined)).toBe('/');
});

test('another site, another scheme and the door itself lead home', () => {
  for (const to of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/sign-in?to=/x',
    '',
  ]) {
    expect(insidePath(to)).toBe('/');
  }
});
