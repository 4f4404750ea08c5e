import type { connect as english } from '../en/connect.js';
import type { Messages } from '../messages.js';

export const connect: Messages<typeof english> = {
  'key-choose': '选择主机',
  'key-open': '连接',
  'key-split': '分屏打开',
  'key-pin': '置顶或取消',
  'key-find': '查找主机',
};
