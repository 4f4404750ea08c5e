/** Errors of keeping and deleting recordings. Part of the table in problem.ts. */
import { type ProblemKind, p } from './problem-kind.js';

export const KEEPING_PROBLEMS = {
  'recording.deleted': p(
    410,
    'The recording was deleted on {at} by {by}: {reason}',
    'It cannot be brought back. The session’s row, the audit log and the ledger keep that it was there.',
    '录像已于 {at} 由 {by} 删除：{reason}',
    '无法恢复；会话记录、审计日志与台账仍保留其曾经存在的证明。',
  ),
  'recording.held': p(
    409,
    'The recording is under legal hold: {reason} ({by}).',
    'Nothing under hold is deleted. An administrator may lift the hold first, with a reason.',
    '录像处于法律保留中：{reason}（{by}）。',
    '保留期间不能删除；如需删除，请管理员先说明理由并解除保留。',
  ),
  'recording.young': p(
    409,
    'The recording is too young to be deleted: nobody may before {until}.',
    'Wait until then. The floor is the setting retentionFloor.',
    '录像太新，在 {until} 之前任何人都不能删除。',
    '请等到该时间之后；下限由设置 retentionFloor 决定。',
  ),
  'recording.running': p(
    409,
    'The session still runs; its recording is not deleted.',
    'End the session first.',
    '会话仍在进行，其录像不能删除。',
    '请先结束会话。',
  ),
  'recording.no-key': p(
    422,
    'The recording is encrypted and its key is not here.',
    'Restore the database and the master key that belong to this recording.',
    '录像已加密，但此处没有它的密钥。',
    '请恢复与该录像对应的数据库和主密钥。',
  ),
} as const satisfies Record<string, ProblemKind>;
