import type { common as english } from '../en/everywhere.js';
import type { Messages } from '../messages.js';

export const common: Messages<typeof english> = {
  close: '关闭',
  cancel: '取消',
  save: '保存',
  optional: '选填',
  retry: '重试',
  loading: '正在加载…',
  copied: '已复制',
  'copy-failed': '浏览器不允许复制，请选中文字后自行复制。',
  'copy-code': '复制错误码',
  unreachable: '网关没有应答。',
  'unreachable-next': '请检查网络；已打开的终端会保留 60 秒。',
  'not-ours': '应答不是来自 Sallyport（状态 {status, number}）。',
  'not-ours-next': '中间的代理可能出了故障，请稍后重试。',
  'still-works': '已打开的终端和录像不受影响。',
  'data-from': '{what}。当前显示的是{age}读取的内容。',
  'gate-ok': '（已通过）',
  'gate-no': '（停在这里）',
  'gate-now': '（进行中）',
  'gate-todo': '（尚未到达）',
};
