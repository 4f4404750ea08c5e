/** Errors of evidence bundles. Part of the table in problem.ts. */
import { type ProblemKind, p } from './problem-kind.js';

export const EVIDENCE_PROBLEMS = {
  'evidence.running': p(
    409,
    'The session still runs: evidence is made of a recording that has its end.',
    'End the session first, or take the recording so far by a raw download.',
    '会话仍在进行：证据包只能由已结束的录像生成。',
    '请先结束会话，或以原始格式下载目前的录像。',
  ),
  'evidence.too-large': p(
    413,
    'The recording has {megabytes} MiB; one file that a browser opens may hold {most} MiB of it.',
    'Download the raw recording and verify it with sallyport-verify and the public signing keys.',
    '录像共 {megabytes} MiB；浏览器可打开的单个文件最多容纳 {most} MiB。',
    '请下载原始录像，并使用 sallyport-verify 与公开签名密钥进行校验。',
  ),
  'evidence.no-page': p(
    503,
    'The page that goes into evidence bundles was not built.',
    'Build the console: npm run build.',
    '证据包所用的页面尚未构建。',
    '请构建控制台：npm run build。',
  ),
} as const satisfies Record<string, ProblemKind>;
