/** A PATH with Node, npm and what a shell script needs, and nothing that compiles. */
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';

const TOOLS = [
  'sh',
  'env',
  'uname',
  'sed',
  'dirname',
  'basename',
  'readlink',
  'cat',
  'mkdir',
  'rm',
  'ls',
  'tar',
  'gzip',
];

export function linkPlainTools(path: string): void {
  const where = (command: string): string => execFileSync('sh', ['-c', command], { encoding: 'utf8' }).trim();
  for (const tool of TOOLS) symlinkSync(where(`command -v ${tool}`), join(path, tool));
  symlinkSync(process.execPath, join(path, 'node'));
  symlinkSync(where('readlink -f "$(command -v npm)"'), join(path, 'npm'));
}
