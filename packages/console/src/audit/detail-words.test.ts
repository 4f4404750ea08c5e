import { AUDIT_ACTIONS } from '@sallyport/core/model/audit.js';
import { OPERATIONS } from '@sallyport/core/model/role.js';
import { describe, expect, test } from 'vitest';
import { catalogue as en } from '../i18n/en/catalogue.js';
import { makeText } from '../i18n/text.js';
import { catalogue as zh } from '../i18n/zh-CN/catalogue.js';
import { detailWords } from './detail-words.js';

const english = makeText('en', en);
const chinese = makeText('zh-CN', zh);

describe('an audit entry in the reader’s language', () => {
  test('every action has a name of its own in both languages, in Chinese without Latin letters', () => {
    for (const t of [english, chinese]) {
      const names = AUDIT_ACTIONS.map((action) => t(`actions.${action}`));
      expect(new Set(names).size).toBe(AUDIT_ACTIONS.length);
    }
    for (const action of AUDIT_ACTIONS) expect(chinese(`actions.${action}`)).not.toMatch(/[a-z]/i);
  });

  test('fields and those values that are words are told in words', () => {
    const detail = { name: '张敏', role: 'auditor', active: false };
    expect(detailWords(detail, english)).toEqual([
      ['name', '张敏'],
      ['role', 'Auditor'],
      ['may sign in', 'no'],
    ]);
    expect(detailWords({ changed: 'labels port' }, chinese)).toEqual([['改动', '标签、端口']]);
    expect(detailWords({ host: 'web-01', reason: 'remote-exit' }, chinese)).toEqual([
      ['主机', 'web-01'],
      ['原因', 'Shell 已退出'],
    ]);
    expect(detailWords({ reason: 'idle-limit' }, english)).toEqual([['reason', 'idle for too long']]);
    for (const operation of OPERATIONS) {
      expect(detailWords({ operation }, english)[0]?.[1], operation).not.toContain('.');
    }
  });

  test('a code is told by its sentence only when the entry holds what the sentence names', () => {
    const [[, whole] = []] = detailWords({ code: 'auth.failed' }, chinese);
    expect(whole).not.toContain('auth.failed');
    for (const code of ['limits.user-sessions', 'hostkey.changed', 'target.unreachable']) {
      expect(detailWords({ code }, english)[0]?.[1], code).not.toContain('?');
    }
  });

  test('what this version has no word for stays as it came', () => {
    expect(detailWords({ spare: 'toString', reason: 'of-tomorrow' }, english)).toEqual([
      ['spare', 'toString'],
      ['reason', 'of-tomorrow'],
    ]);
  });
});
