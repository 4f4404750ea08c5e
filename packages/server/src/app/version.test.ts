import { readFileSync } from 'node:fs';
import { VERSION } from '@sallyport/core/model/version.js';
import { expect, test } from 'vitest';

test.each(['../../../..', '../../../cli', '../../../core', '../../../console', '../..'])(
  'the version in the code is that of %s/package.json',
  (folder) => {
    const manifest = JSON.parse(readFileSync(new URL(`${folder}/package.json`, import.meta.url), 'utf8'));
    expect(manifest.version).toBe(VERSION);
  },
);
