import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { completionScript } from './commands/completion.js';
import { parseTarget } from './commands/host.js';
import { EXIT, exitCodeFor } from './exit-code.js';
import { createProgram } from './program.js';

const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

test('every command says what it does; every one that prints data can print JSON', () => {
  for (const command of leaves(createProgram())) {
    expect(command.description(), command.name()).not.toBe('');
    const options = command.options.map(({ long }) => long);
    if (!['serve', 'demo', 'completion'].includes(command.name())) expect(options).toContain('--json');
  }
});

test.each([
  ['10.0.0.4', { address: '10.0.0.4' }],
  ['root@10.0.0.4:2222', { login: 'root', address: '10.0.0.4', port: 2222 }],
  ['DOMAIN@user@db.example.com', { login: 'DOMAIN@user', address: 'db.example.com' }],
  ['[2001:db8::1]:22', { address: '2001:db8::1', port: 22 }],
  ['me@2001:db8::1', { login: 'me', address: '2001:db8::1' }],
])('a target as people write it: %s', (text, parts) => {
  expect(parseTarget(text)).toEqual(parts);
});

test('exit codes are stable', () => {
  expect(exitCodeFor(401, 'auth.required')).toBe(EXIT.signIn);
  expect(exitCodeFor(403, 'auth.forbidden')).toBe(EXIT.denied);
  expect(exitCodeFor(404, 'not-found')).toBe(EXIT.notFound);
  expect(exitCodeFor(409, 'conflict')).toBe(EXIT.conflict);
  expect(exitCodeFor(422, 'auth.password-weak')).toBe(EXIT.usage);
  expect(exitCodeFor(504, 'target.timeout')).toBe(EXIT.unreachable);
  expect(exitCodeFor(418, 'a code of next year')).toBe(EXIT.failed);
  expect(Object.values(EXIT)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 130]);
  const page = readFileSync(new URL('../../../docs/guide/command-line.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(told).toEqual(Object.values(EXIT));
});

test('bash completion works in a real bash, down to subcommands and options', () => {
  const script = completionScript(createProgram(), 'bash');
  const complete = (...line: string[]): string[] => {
    const words = line.map((word) => `'${word}'`).join(' ');
    const run = `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}; _sallyport; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', run], { encoding: 'utf8' }).trim().split('\n');
  };
  expect(complete('sallyport', 'ho')).toEqual(['host']);
  expect(complete('sallyport', 'host', '').sort()).toEqual(['--help', 'add', 'ls', 'test', 'trust']);
  expect(complete('sallyport', 'host', 'add', '--key')).toEqual(['--key-file']);
  expect(complete('sallyport', 'serve', '--ht')).toEqual(['--http']);
});

test('zsh and fish completions name every command', () => {
  for (const shell of ['zsh', 'fish'] as const) {
    const script = completionScript(createProgram(), shell);
    for (const command of leaves(createProgram())) expect(script).toContain(command.name());
  }
});
