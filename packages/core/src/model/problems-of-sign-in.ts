/** Errors of setup, sign-in and tickets. Part of the table in problem.ts. */
import { type ProblemKind, p } from './problem-kind.js';

export const SIGN_IN_PROBLEMS = {
  'auth.required': p(401, 'Sign in first.', 'Sign in and try again.', '请先登录。', '登录后重试。'),
  'auth.failed': p(
    401,
    'The name, password or code is wrong.',
    'Check them and try again. Waiting grows with each failure.',
    '用户名、密码或验证码不对。',
    '请检查后重试；连续失败会延长等待时间。',
  ),
  'auth.totp-required': p(
    401,
    'Enter the 6-digit code of your authenticator.',
    'Open your authenticator, or use a recovery code.',
    '请输入身份验证器的 6 位验证码。',
    '打开身份验证器，或使用恢复码。',
  ),
  'auth.slow-down': p(
    429,
    'Too many failed sign-ins. Wait {seconds} s.',
    'Wait, then try again. Another address is not affected.',
    '登录失败次数过多，请等待 {seconds} 秒。',
    '请稍候再试；其他地址不受影响。',
  ),
  'auth.expired': p(
    401,
    'Your sign-in ended after {minutes} minutes without use.',
    'Sign in again. Open terminals are kept for 60 s.',
    '登录已在 {minutes} 分钟未使用后失效。',
    '请重新登录；已打开的终端会保留 60 秒。',
  ),
  'auth.token-refused': p(
    401,
    'The API token was refused: it is wrong, revoked or expired.',
    'Make a new one under Profile, or sign in again.',
    'API 令牌被拒绝：有误、已吊销或已过期。',
    '请在“个人资料”中创建新令牌，或重新登录。',
  ),
  'auth.forbidden': p(
    403,
    'Your role does not allow “{operation}”.',
    'Ask an administrator for the role that does.',
    '你的角色不允许“{operation}”。',
    '请向管理员申请相应角色。',
  ),
  'auth.inactive': p(403, 'This user is switched off.', 'Ask an administrator.', '该用户已停用。', '请联系管理员。'),
  'auth.password-weak': p(
    422,
    'The password is too weak.',
    'Use at least 12 characters; not the user name, not a phrase guessers try first, not the same few characters over and over.',
    '密码强度不够。',
    '请至少使用 12 个字符；不要包含用户名、常被猜到的词句，也不要反复使用几个字符。',
  ),
  'auth.too-many-tokens': p(
    409,
    'You have {limit} API tokens already.',
    'Revoke one you no longer use, then make the new one.',
    '你已有 {limit} 个 API 令牌。',
    '请先吊销不再使用的令牌，再创建新的。',
  ),
  'setup.link-invalid': p(
    404,
    'This setup link is not valid: used, expired or mistyped.',
    'Restart Sallyport on an empty data directory for a new link, or run “sallyport setup”.',
    '设置链接无效：已使用、已过期或输入有误。',
    '在空数据目录上重启 Sallyport 以获得新链接，或运行 “sallyport setup”。',
  ),
  'setup.done': p(409, 'Sallyport is already set up.', 'Sign in.', 'Sallyport 已完成初始设置。', '请登录。'),
  'ticket.invalid': p(
    403,
    'This connection ticket is not valid: used, expired or not yours.',
    'Open the terminal again from the host list.',
    '连接票据无效：已使用、已过期或不属于你。',
    '请从主机列表重新打开终端。',
  ),
} as const satisfies Record<string, ProblemKind>;
