/** docs/operate/errors.md, made from the table of errors. */
const FAMILIES = {
  request: 'Requests',
  auth: 'Sign-in and rights',
  setup: 'First setup',
  ticket: 'Opening a session',
  host: 'Opening a session',
  account: 'Opening a session',
  secret: 'Opening a session',
  limit: 'Opening a session',
  target: 'Reaching a host',
  hostkey: 'Host keys',
  recording: 'Recording and replay',
  session: 'Sessions',
  frame: 'Sessions',
};
const familyOf = (code) => FAMILIES[code.split('.')[0]] ?? 'General';
const cell = (text) => text.replaceAll('|', '\\|');

export function errorsPage(problems) {
  const groups = new Map();
  for (const [code, kind] of Object.entries(problems)) {
    const title = familyOf(code);
    groups.set(title, [...(groups.get(title) ?? []), [code, kind]]);
  }
  const tables = [...groups].map(([title, rows]) => {
    const lines = rows.map(
      ([code, { status, en, zh }]) =>
        `| \`${code}\` | ${status} | ${cell(en.title)}<br>${cell(zh.title)} | ${cell(en.next)}<br>${cell(zh.next)} |`,
    );
    return `## ${title}\n\n| Code | Status | What it says | What to do |\n|---|---|---|---|\n${lines.join('\n')}\n`;
  });
  return `# Errors

This page is made from the table in \`packages/core/src/model/problem.ts\` by \`scripts/docs.mjs\`; do not edit it by hand.

A code is stable for ever. The HTTP API answers \`application/problem+json\` (RFC 9457) with \`code\`, \`title\`, \`next\`, \`status\`
and \`params\`, in the language asked for by \`Accept-Language\`. The terminal and the command line print the same sentences. Words
in braces are filled in.

${tables.join('\n')}`;
}
