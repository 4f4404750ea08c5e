import { expect, test } from 'vitest';
import { endWords } from './end-words.js';

test.each([
  [{ kind: 'remote-exit' }, 'shell ended', 'Shell 已退出'],
  [{ kind: 'remote-exit', exitCode: 0 }, 'shell ended', 'Shell 已退出'],
  [{ kind: 'remote-exit', exitCode: 3 }, 'shell ended with status 3', 'Shell 已退出，状态码 3'],
  [{ kind: 'remote-exit', signal: 'KILL' }, 'shell ended by signal KILL', 'Shell 被信号 KILL 终止'],
  [{ kind: 'closed-by-user' }, 'closed by its user', '用户关闭'],
  [{ kind: 'client-lost' }, 'page did not come back', '页面未再回来'],
  [{ kind: 'target-lost' }, 'connection to the host lost', '与主机的连接中断'],
  [{ kind: 'idle-limit', limitMs: 60_000 }, 'idle for 1 minute', '空闲 1 分钟'],
  [{ kind: 'idle-limit', limitMs: 20_000 }, 'idle for 20 seconds', '空闲 20 秒'],
  [{ kind: 'time-limit', limitMs: 3_600_000 }, 'longest time of 60 minutes reached', '达到最长时间 60 分钟'],
  [
    { kind: 'ended-by-admin', by: 'root', reason: 'wrong host' },
    'ended by root: wrong host',
    '由 root 结束：wrong host',
  ],
  [{ kind: 'recording-failed', detail: 'disk full' }, 'recording failed: disk full', '录像失败：disk full'],
  [{ kind: 'unwatched' }, 'the watcher that the host requires did not come back', '该主机要求有人旁观，旁观者未再回来'],
  [{ kind: 'interrupted' }, 'gateway stopped unexpectedly', '网关意外停止'],
  [{ kind: 'shutdown' }, 'gateway was shut down', '网关已关闭'],
  [{ kind: 'failed', code: 'account.unknown' }, 'This host has no such account.', '该主机没有此账号。'],
  [{ kind: 'failed', code: 'a code of next year' }, 'could not be opened', '未能打开'],
  [{ kind: 'a kind of next year' }, 'a kind of next year', 'a kind of next year'],
  [{ kind: 'constructor' }, 'constructor', 'constructor'],
])('an ending has one wording in each language: %o', (reason, en, zh) => {
  expect([endWords(reason, 'en'), endWords(reason, 'zh-CN')]).toEqual([en, zh]);
});
