import { expect, test } from 'vitest';
import { compareFingerprint, inFours } from './fingerprint.js';

const KEY = 'SHA256:q1vT8mZkYw2NpLc0Hx5eRuAfJ7dB9sQoW3iKtG6nXz4';

test('V37 shows the fingerprint in groups of four', () => {
  expect(inFours(KEY)).toEqual(['q1vT', '8mZk', 'Yw2N', 'pLc0', 'Hx5e', 'RuAf', 'J7dB', '9sQo', 'W3iK', 'tG6n', 'Xz4']);
});

test('V37 finds the same key in the whole line of ssh-keygen and in groups', () => {
  const same = { kind: 'same', characters: 43 };
  expect(compareFingerprint(KEY, `256 ${KEY} root@job-12 (ED25519)`)).toEqual(same);
  expect(compareFingerprint(KEY, inFours(KEY).join(' '))).toEqual(same);
  expect(compareFingerprint(KEY, `${KEY}=`)).toEqual(same);
});

test('V37 names the groups that differ, also by case alone', () => {
  expect(compareFingerprint(KEY, KEY.replace('Yw2N', 'yw2N'))).toEqual({ kind: 'differs', groups: [2] });
  expect(compareFingerprint(KEY, KEY.replace('q1vT', 'x1vT').replace('Xz4', 'Xz5'))).toEqual({
    kind: 'differs',
    groups: [0, 10],
  });
});

test('says when what was pasted holds no fingerprint', () => {
  expect(compareFingerprint(KEY, '  ')).toEqual({ kind: 'nothing' });
  expect(compareFingerprint(KEY, 'MD5:aa:bb:cc')).toEqual({ kind: 'unreadable' });
  expect(compareFingerprint(KEY, 'q1vT 8mZk')).toEqual({ kind: 'unreadable' });
});
