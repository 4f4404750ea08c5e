/** `sallyport-verify FILE... --key KEY`: exit code 0 when every recording stands, 1 when one does not, 2 for a mistake. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeFinding, type RecordingReport, sessionTime } from '@sallyport/core/cast/recording-report.js';
import { verifyRecording } from '@sallyport/core/cast/verify-recording.js';
import { readSigningKeys, type SigningKey } from '@sallyport/core/evidence/signing-key.js';
import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import { fileSource, NODE_TOOLS, sha256 } from './node-tools.js';

const USAGE = `Usage: sallyport-verify FILE... --key PUBLIC_KEY [--json]

Checks recordings of Sallyport (.sprec): every hash, every signature, the end.
PUBLIC_KEY is a file with a JWK, a JWK Set or PEM, as “sallyport signing-key export” writes it.
Get it from somebody you trust, not from whom you got the recording.

Exit code: 0 all stand, 1 a recording does not, 2 it could not be checked.
`;
const EXIT = { ok: 0, damaged: 1, mistake: 2 };

export async function main(args: readonly string[]): Promise<number> {
  const given = parse(args);
  if (given === undefined || given.values.help === true) {
    process[given === undefined ? 'stderr' : 'stdout'].write(USAGE);
    return given === undefined ? EXIT.mistake : EXIT.ok;
  }
  const { positionals: files, values } = given;
  try {
    const keys = await keysOf(values.key ?? []);
    const reports: (RecordingReport & { readonly file: string })[] = [];
    for (const file of files) {
      const report = await check(file, keys);
      reports.push({ file, ...report });
      if (values.json !== true) show(file, report);
    }
    if (values.json === true) process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
    return reports.every(({ ok }) => ok) ? EXIT.ok : EXIT.damaged;
  } catch (error) {
    process.stderr.write(`sallyport-verify: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.mistake;
  }
}

function parse(args: readonly string[]) {
  const options = {
    key: { type: 'string', short: 'k', multiple: true },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const given = parseArgs({ args: [...args], options, allowPositionals: true });
    const complete = given.positionals.length > 0 && (given.values.key ?? []).length > 0;
    return complete || given.values.help === true ? given : undefined;
  } catch {
    return undefined;
  }
}

async function keysOf(files: readonly string[]): Promise<readonly SigningKey[]> {
  const keys: SigningKey[] = [];
  for (const file of files) {
    const read = await readSigningKeys(await readFile(file, 'utf8'), sha256);
    if (typeof read === 'string') throw new Error(`${file} holds no public key: ${read}`);
    keys.push(...read);
  }
  return keys;
}

async function check(file: string, keys: readonly SigningKey[]): Promise<RecordingReport> {
  const source = await fileSource(file);
  try {
    return await verifyRecording(source, NODE_TOOLS, { keys });
  } finally {
    await source.close();
  }
}

function show(file: string, report: RecordingReport): void {
  const { ok, state, bytes, chunks, durationMs, signatures, findings } = report;
  const lines = [`${ok ? 'ok     ' : 'DAMAGED'} ${file}`];
  const { sessionId = '', userName = '', hostName = '', login = '', startedAt } = report;
  if (startedAt !== undefined)
    lines.push(
      `        ${userName} on ${hostName} as ${login}, ${new Date(startedAt).toISOString()}, session ${sessionId}`,
    );
  lines.push(`        ${state}, ${sessionTime(durationMs * 1000)} long, ${bytes} bytes in ${chunks} chunks`);
  const { last } = signatures;
  if (last !== undefined)
    lines.push(
      `        signed by ${last.keyId}, last ${new Date(last.signedAt).toISOString()} for all up to ${sessionTime(last.us)}`,
    );
  for (const finding of findings) lines.push(`        ${describeFinding(finding)}`);
  // Names in a recording are somebody else's text.
  process.stdout.write(`${lines.map(visibleText).join('\n')}\n`);
}
