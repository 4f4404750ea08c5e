/** Errors any request can meet. Part of the table in problem.ts. */
import { type ProblemKind, p } from './problem-kind.js';

export const REQUEST_PROBLEMS = {
  'request.invalid': p(
    400,
    'The request is not valid: {detail}',
    'Correct the named field and send it again.',
    '请求无效：{detail}',
    '请改正所指字段后重试。',
  ),
  'request.too-large': p(
    413,
    'The request is larger than {limit} bytes.',
    'Send less.',
    '请求超过 {limit} 字节。',
    '请减小内容后重试。',
  ),
  'request.origin': p(
    403,
    'The request came from another site ({origin}).',
    'Open Sallyport at its own address. If it stands behind a proxy, set publicUrl.',
    '请求来自其他站点（{origin}）。',
    '请从 Sallyport 自己的地址访问；如有反向代理，请设置 publicUrl。',
  ),
  'request.csrf': p(
    403,
    'The request lacks the page’s anti-forgery header.',
    'Reload the page and try again.',
    '请求缺少防伪造标头。',
    '请刷新页面后重试。',
  ),
  'request.rate': p(
    429,
    'Too many requests. Wait {seconds} s.',
    'Wait, then try again.',
    '请求过于频繁，请等待 {seconds} 秒。',
    '请稍后再试。',
  ),
  'not-found': p(
    404,
    'There is nothing here under that name, or you may not see it.',
    'Check the address, or ask an administrator.',
    '没有此内容，或你无权查看。',
    '请检查地址，或联系管理员。',
  ),
  conflict: p(
    409,
    'That name is already in use: {name}.',
    'Choose another name.',
    '名称已被使用：{name}。',
    '请换一个名称。',
  ),
  'conflict.in-use': p(
    409,
    'It is still in use: {detail}.',
    'End what uses it first.',
    '仍在使用中：{detail}。',
    '请先结束对它的使用。',
  ),
  'conflict.last-admin': p(
    409,
    'This would leave no active administrator.',
    'Make another administrator first.',
    '此操作会使系统没有可用的管理员。',
    '请先设置另一位管理员。',
  ),
  internal: p(
    500,
    'Something failed inside the gateway. Reference {reference}.',
    'Try again; if it stays, give the reference to your administrator.',
    '网关内部出错，参考号 {reference}。',
    '请重试；若仍失败，请把参考号告诉管理员。',
  ),
  unavailable: p(
    503,
    'The gateway cannot do this now: {detail}.',
    'Try again in a moment.',
    '网关暂时无法处理：{detail}。',
    '请稍后再试。',
  ),
} as const satisfies Record<string, ProblemKind>;
