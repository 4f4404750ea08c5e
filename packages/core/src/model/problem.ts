/**
 * The one table of errors. A code is stable for ever; its HTTP status, its sentence in both languages and what to do
 * next stand beside it. The HTTP API sends it as RFC 9457 problem JSON, the terminal and the command line print it,
 * docs/operate/errors.md is generated from it. `{name}` is filled from the problem's params.
 */
export interface ProblemText {
  readonly title: string;
  readonly next: string;
}
export interface ProblemKind {
  readonly status: number;
  readonly en: ProblemText;
  readonly zh: ProblemText;
}
const p = (status: number, en: string, enNext: string, zh: string, zhNext: string): ProblemKind => ({
  status,
  en: { title: en, next: enNext },
  zh: { title: zh, next: zhNext },
});

export const PROBLEMS = {
  // request
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
  // identity
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
    'The password is too weak: {detail}.',
    'Use at least 12 characters, not a common word.',
    '密码强度不够：{detail}。',
    '请至少使用 12 个字符，且不要使用常见词。',
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
  // opening a session
  'host.unknown': p(
    404,
    'This host is not registered.',
    'Choose a host from the list, or ask an administrator to add it.',
    '该主机未登记。',
    '请从列表中选择主机，或请管理员添加。',
  ),
  'account.unknown': p(
    404,
    'This host has no such account.',
    'Choose another account.',
    '该主机没有此账号。',
    '请选择其他账号。',
  ),
  'secret.invalid': p(
    422,
    'The secret cannot be used: {detail}.',
    'Paste an OpenSSH or PEM private key (Ed25519, ECDSA, RSA) and its passphrase, or a password.',
    '无法使用该凭据：{detail}。',
    '请粘贴 OpenSSH 或 PEM 私钥（Ed25519、ECDSA、RSA）及其口令，或填写密码。',
  ),
  'limit.user-sessions': p(
    429,
    'You already have {limit} open sessions.',
    'Close one and try again.',
    '你已打开 {limit} 个会话。',
    '请先关闭一个再试。',
  ),
  'limit.host-sessions': p(
    429,
    'This host already has {limit} open sessions.',
    'Wait until one ends.',
    '该主机已有 {limit} 个会话。',
    '请等待其中一个结束。',
  ),
  'target.unresolved': p(
    502,
    'The name {address} could not be resolved.',
    'Check the host’s address.',
    '无法解析地址 {address}。',
    '请检查主机地址。',
  ),
  'target.refused': p(
    502,
    '{address} refused the connection.',
    'Check that sshd runs and listens on that port.',
    '{address} 拒绝连接。',
    '请确认 sshd 正在该端口监听。',
  ),
  'target.unreachable': p(
    502,
    '{address} cannot be reached: {detail}.',
    'Check the network and the address.',
    '无法到达 {address}：{detail}。',
    '请检查网络与地址。',
  ),
  'target.timeout': p(
    504,
    '{address} did not answer within {seconds} s.',
    'Check the address, the firewall and whether the host is up.',
    '{address} 在 {seconds} 秒内没有响应。',
    '请检查地址、防火墙以及主机是否在运行。',
  ),
  'target.not-ssh': p(
    502,
    '{address} does not speak SSH: {detail}.',
    'Check the port.',
    '{address} 不是 SSH 服务：{detail}。',
    '请检查端口。',
  ),
  'target.algorithms': p(
    502,
    '{address} offers no algorithm we accept: {detail}.',
    'Update the host, or switch on legacy algorithms for it.',
    '{address} 没有我们接受的算法：{detail}。',
    '请升级该主机，或为它开启旧算法。',
  ),
  'target.lost': p(
    502,
    'The connection to {address} was lost: {detail}.',
    'Open it again. Work on the host may still be running.',
    '与 {address} 的连接中断：{detail}。',
    '请重新打开；主机上的任务可能仍在运行。',
  ),
  'hostkey.unapproved': p(
    409,
    'The key of {host} has not been approved yet: {fingerprint}.',
    'An administrator must compare and approve it in Inventory.',
    '{host} 的主机密钥尚未批准：{fingerprint}。',
    '请管理员在资产页核对并批准。',
  ),
  'hostkey.changed': p(
    409,
    'The key of {host} has changed. Approved: {approved}. Shown now: {fingerprint}.',
    'Somebody may be in the middle. An administrator must find out why, then approve the new key.',
    '{host} 的主机密钥已改变。已批准：{approved}；当前：{fingerprint}。',
    '可能有人在中间窃听。请管理员查明原因后再批准新密钥。',
  ),
  'target.auth-failed': p(
    502,
    '{host} did not accept the stored {kind} of {login}.',
    'An administrator must renew the account’s secret.',
    '{host} 不接受账号 {login} 保存的{kind}。',
    '请管理员更新该账号的凭据。',
  ),
  'target.no-shell': p(
    502,
    '{host} gave no shell: {detail}.',
    'Check the account’s login shell and the sshd settings.',
    '{host} 没有提供 shell：{detail}。',
    '请检查账号的登录 shell 与 sshd 设置。',
  ),
  'recording.failed': p(
    503,
    'The recording could not be written: {detail}. Nothing runs unrecorded.',
    'An administrator must free disk space or repair the disk.',
    '无法写入录像：{detail}。未录像的会话不会继续。',
    '请管理员清理磁盘空间或修复磁盘。',
  ),
  'recording.missing': p(
    404,
    'This session has no recording on disk.',
    'See the session’s end reason.',
    '该会话没有录像文件。',
    '请查看会话的结束原因。',
  ),
  'recording.damaged': p(
    422,
    'The recording is damaged at byte {offset}: {detail}.',
    'What stands before that point still plays.',
    '录像在第 {offset} 字节处损坏：{detail}。',
    '此前的内容仍可播放。',
  ),
  'session.over': p(409, 'This session is over.', 'Open a new one.', '该会话已结束。', '请打开新会话。'),
  'frame.invalid': p(
    400,
    'A terminal frame was not valid: {detail}.',
    'Reload the page.',
    '终端帧无效：{detail}。',
    '请刷新页面。',
  ),
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;
export const isProblemCode = (value: string): value is ProblemCode => Object.hasOwn(PROBLEMS, value);
export type ProblemParams = Readonly<Record<string, string>>;
export type Language = 'zh-CN' | 'en';

/** A refusal or failure as a value. Expected outcomes are returned, not thrown. */
export interface Problem {
  readonly code: ProblemCode;
  readonly params: ProblemParams;
}
export const problem = (code: ProblemCode, params: ProblemParams = {}): Problem => ({ code, params });

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };
export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (code: ProblemCode, params: ProblemParams = {}): { ok: false; problem: Problem } => ({
  ok: false,
  problem: problem(code, params),
});

/** The sentence and the next step, in one language, params filled in. */
export function describeProblem({ code, params }: Problem, language: Language): ProblemText {
  const text = PROBLEMS[code][language === 'en' ? 'en' : 'zh'];
  const fill = (sentence: string): string => sentence.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '?');
  return { title: fill(text.title), next: fill(text.next) };
}
