import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockJson, PIECE_BYTES } from './evidence-bundle.js';

test('V33: no value can end the block that holds it, and each comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom('</script><script>alert(1)//', '<!--<script>', ']]>', '\u2028\u202e'),
      (value, evil) => {
        const text = blockJson({ value, evil, [evil]: 1 });
        expect(text).not.toMatch(/[<>&\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ value, evil, [evil]: 1 })));
      },
    ),
  );
});

test('pieces of base64 join without padding between them', () => {
  expect(PIECE_BYTES % 3).toBe(0);
});
