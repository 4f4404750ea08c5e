import { AUDIT_ACTIONS } from '@sallyport/core/model/audit.js';
import { OPERATIONS } from '@sallyport/core/model/role.js';
import { describe, expect, test } from 'vitest';
import { catalogue as en } from '../i18n/en/catalogue.js';
import { makeText, type Text } from '../i18n/text.js';
import { catalogue as zh } from '../i18n/zh-CN/catalogue.js';
import { detailWords } from './detail-words.js';
import type { TargetNames } from './target-names.js';

const english = makeText('en', en);
const chinese = makeText('zh-CN', zh);
const NAMES: TargetNames = new Map([['host:h1', 'web-01']]);
type Detail = Readonly<Record<string, string | number | boolean>>;
const words = (detail: Detail, t: Text, target?: string) =>
  detailWords({ detail, ...(target !== undefined && { target }) }, t, NAMES);

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
    expect(words(detail, english)).toEqual([
      ['name', '张敏'],
      ['role', 'Auditor'],
      ['may sign in', 'no'],
    ]);
    expect(words({ changed: 'labels port' }, chinese)).toEqual([['改动', '标签、端口']]);
    expect(words({ host: 'web-01', reason: 'remote-exit' }, chinese)).toEqual([
      ['主机', 'web-01'],
      ['原因', 'Shell 已退出'],
    ]);
    expect(words({ reason: 'idle-limit' }, english)).toEqual([['reason', 'idle for too long']]);
    for (const operation of OPERATIONS) {
      expect(words({ operation }, english)[0]?.[1], operation).not.toContain('.');
    }
  });

  test('a code is told by its sentence only when the entry holds what the sentence names', () => {
    const [[, whole] = []] = words({ code: 'auth.failed' }, chinese);
    expect(whole).not.toContain('auth.failed');
    expect(words({ code: 'hostkey.unapproved' }, chinese, 'host:h1')).toEqual([
      ['原因', 'web-01 的主机密钥尚未批准。'],
    ]);
    expect(words({ code: 'hostkey.changed' }, english, 'host:h1')).toEqual([
      ['cause', 'The key of web-01 has changed.'],
    ]);
    expect(words({ code: 'hostkey.changed' }, english, 'host:gone')).toEqual([['cause', 'hostkey.changed']]);
    for (const code of ['limits.user-sessions', 'hostkey.changed', 'target.unreachable']) {
      expect(words({ code }, english)[0]?.[1], code).not.toContain('?');
    }
  });

  test('a host named by its id is told by its name', () => {
    expect(words({ host: 'h1' }, english)).toEqual([['host', 'web-01']]);
  });

  test('what this version has no word for stays as it came', () => {
    expect(words({ spare: 'toString', reason: 'of-tomorrow' }, english)).toEqual([
      ['spare', 'toString'],
      ['reason', 'of-tomorrow'],
    ]);
  });
});
