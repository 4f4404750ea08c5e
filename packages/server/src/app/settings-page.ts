/** docs/operate/settings.md, made from the table: `node scripts/settings-page.mjs` writes it, a test compares it. */
import { SETTING_KEYS, SETTINGS } from './settings.js';

export function settingsPage(): string {
  const rows = SETTING_KEYS.map((key) => {
    const setting = SETTINGS[key];
    const fallback: unknown = setting.default;
    const standard =
      setting.defaultText ?? (typeof fallback === 'string' && fallback !== '' ? `\`${fallback}\`` : 'not set');
    const flag = setting.secret ? `\`${setting.flag}-file FILE\`` : `\`${setting.flag} ${setting.argument}\``;
    const env = setting.secret ? `\`${setting.env}\` or \`${setting.env}_FILE\`` : `\`${setting.env}\``;
    const name = setting.secret ? `\`${key}\` or \`${key}File\`` : `\`${key}\``;
    return `| ${name} | ${env} | ${flag} | ${standard} | ${setting.description} |`;
  });
  return `# Settings

This page is made from the table in \`packages/server/src/app/settings.ts\`; do not edit it by hand.

A flag wins over an environment variable, which wins over the settings file, which wins over the default.
\`sallyport config show --origin\` prints every value and where it came from, with secrets masked.

The settings file is \`sallyport.yaml\` in the data directory, or the one named by \`--config FILE\` or \`SALLYPORT_CONFIG\`.
It holds lines of \`key: value\`; a list may be written as a YAML list. Relative paths are meant from the file's own directory,
and in flags and variables from the working directory. An unknown key or variable and a value that does not fit stop the start
with a message that names the place.

| File | Environment | Flag | Default | Meaning |
|---|---|---|---|---|
${rows.join('\n')}

Times are written with a unit: \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`. An empty variable counts as not set.
A secret is never given as a flag, because other users of the machine can read a process's flags.

## Variables of the command line

| Variable | Meaning |
|---|---|
| \`SALLYPORT_CONFIG\` | The settings file. |
| \`SALLYPORT_SERVER\` | Address of the gateway the command line speaks to, such as \`https://gate.example.com\`. |
| \`SALLYPORT_TOKEN\`, \`SALLYPORT_TOKEN_FILE\` | API token of the command line. Without it the token stored by \`sallyport login\` is used. |
| \`NO_COLOR\` | No colour in the output. |
`;
}
