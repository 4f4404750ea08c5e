import type { imports as english } from '../en/imports.js';
import type { Messages } from '../messages.js';

export const imports: Messages<typeof english> = {
  title: '导入录像',
  do: '导入…',
  body: 'asciinema 生成的 asciicast 第 1、2 或 3 版文件，可为 gzip。每个文件成为一段标明“导入”的录像，并记下文件名与校验和。',
  files: '文件',
  'keep-input': '保留文件中的键盘输入（若有）',
  'keep-input-help': '其中可能含有密码。',
  start: '导入',
  stop: '停止',
  running: '正在导入 {name}',
  took: '{name}：{length}',
  'took-cut': '{name}：{length}；文件不完整，缺最后一行',
  'left-input': '略去的键盘输入：{count}',
  'left-unknown': '略去的未知事件：{count}',
  'left-times': '倒退的时间：{count}',
  'left-sizes': '超出范围的尺寸：{count}',
  'left-characters': '残缺的字符：{count}',
  play: '播放',
  close: '关闭',
  'imported-by': '由 {by} 从 {file} 导入',
  'says-recorded': '文件称录于 {at}',
};
