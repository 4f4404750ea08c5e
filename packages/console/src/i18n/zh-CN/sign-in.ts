import type { signIn as english } from '../en/sign-in.js';
import type { Messages } from '../messages.js';

export const signIn: Messages<typeof english> = {
  title: '登录 Sallyport',
  name: '用户名',
  password: '密码',
  code: '验证码',
  'code-help': '身份验证器上的 6 位数字，或一个恢复码。',
  continue: '继续',
  wait: '请等待 {seconds, number} 秒',
  'slow-down': '失败次数过多，请等待 {seconds, number} 秒；其他地址不受影响。',
  'other-name': '换一个用户',
  ended: '登录已结束，请重新登录；已打开的终端会保留 60 秒。',
  'not-set-up': '尚未完成初始设置。请打开 Sallyport 启动时打印的一次性链接。',
  recorded: '终端会话均会录像。',
};
