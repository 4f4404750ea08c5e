/** A step of the scripts that is quiet: nothing when it succeeds, all of it when it fails. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './architecture/source-files.js';

const step = (code: number) => {
  const program = `console.log('said'); console.error('warned'); process.exit(${code})`;
  const script = `const { must } = await import(${JSON.stringify(join(ROOT, 'scripts/workspace.mjs'))});
    await must('installing', process.execPath, ['-e', ${JSON.stringify(program)}], { quiet: true });`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
};

test('a quiet step that succeeds says nothing', () => {
  expect(step(0)).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test('a quiet step that fails says everything, and ends with its exit code', () => {
  const { status, stderr } = step(3);
  expect(status).toBe(3);
  expect(stderr).toMatch(/said\n[\s\S]*sallyport: installing failed \(exit code 3\)/);
  expect(stderr).toContain('warned');
});
