/** Refusals of the control engine, and of who would lock everybody out. Part of the table in problem.ts. */
import { type ProblemKind, p } from './problem-kind.js';

export const ACCESS_PROBLEMS = {
  'access.blocked': p(
    403,
    'You are blocked until {until}.',
    'Wait until then, or ask an administrator to lift the block. Decision {decision}.',
    '你已被封禁，直到 {until}。',
    '请等到该时间，或请管理员解除封禁。决定编号 {decision}。',
  ),
  'access.blocked-automatically': p(
    403,
    'You are blocked until {until}: far more was asked in your name than is allowed.',
    'Look for a program that runs wild or a token in other hands, and ask an administrator. Decision {decision}.',
    '你已被自动封禁，直到 {until}：以你的名义发出的请求远超限额。',
    '请检查是否有失控的程序或泄露的令牌，并联系管理员。决定编号 {decision}。',
  ),
  'access.resource-blocked': p(
    403,
    'This is blocked for everybody until {until}.',
    'Wait until then, or ask an administrator. Decision {decision}.',
    '此对象已对所有人封禁，直到 {until}。',
    '请等到该时间，或联系管理员。决定编号 {decision}。',
  ),
  'access.frequency': p(
    429,
    'Too many operations: {quota} are allowed in {period} s. Wait {seconds} s.',
    'Wait, or slow the client down. Decision {decision}.',
    '操作过于频繁：每 {period} 秒允许 {quota} 次。请等待 {seconds} 秒。',
    '请稍候，或降低客户端的频率。决定编号 {decision}。',
  ),
  'access.no-right': p(
    403,
    'The right to do this is gone.',
    'Ask an administrator. Decision {decision}.',
    '你不再拥有此操作的权限。',
    '请联系管理员。决定编号 {decision}。',
  ),
  'access.refused': p(
    403,
    'A rule refuses this ({reason}).',
    'Ask an administrator. Decision {decision}.',
    '规则拒绝了此操作（{reason}）。',
    '请联系管理员。决定编号 {decision}。',
  ),
  'block.self': p(
    409,
    'You cannot block yourself.',
    'Ask another administrator.',
    '不能封禁自己。',
    '请让另一位管理员操作。',
  ),
  'block.last-admin': p(
    409,
    'This would leave no administrator who is not blocked.',
    'Make another administrator first, or lift the block of one.',
    '此操作会使系统没有未被封禁的管理员。',
    '请先设置另一位管理员，或解除其中一位的封禁。',
  ),
  'control.invalid': p(
    422,
    'The control book refuses this: {code} at {path} ({found}).',
    'Correct the named part.',
    '控制规则无效：{path} 处 {code}（{found}）。',
    '请改正所指之处。',
  ),
} as const satisfies Record<string, ProblemKind>;
