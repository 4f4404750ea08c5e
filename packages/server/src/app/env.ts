/** The environment's share of the settings: `SALLYPORT_*` variables, and for secrets the file a `..._FILE` names. */
import { readFileSync } from 'node:fs';
import type { GivenSetting } from './given-setting.js';
import { nearestName } from './nearest-name.js';
import { OTHER_VARIABLES, SETTING_KEYS, SETTINGS } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentSettings {
  readonly given: readonly GivenSetting[];
  readonly mistakes: readonly string[];
}

/** Empty variables count as not set: that is how a compose file or a unit leaves one out. */
export function settingsFromEnvironment(env: Environment, directory: string): EnvironmentSettings {
  const given: GivenSetting[] = [];
  const mistakes: string[] = [];
  const known = new Set<string>(OTHER_VARIABLES);
  for (const key of SETTING_KEYS) {
    const setting = SETTINGS[key];
    known.add(setting.env);
    const text = env[setting.env] || undefined;
    if (text !== undefined) given.push({ key, text, origin: 'environment', name: setting.env, directory });
    if (!setting.secret) continue;
    const fileVariable = `${setting.env}_FILE`;
    known.add(fileVariable);
    const file = env[fileVariable] || undefined;
    if (file === undefined) continue;
    if (text !== undefined) mistakes.push(`${setting.env} and ${fileVariable} are both set: keep one of them`);
    const read = readSecretFile(file);
    if (read.text === undefined) mistakes.push(`${fileVariable}: ${read.mistake}`);
    else given.push({ key, text: read.text, origin: 'environment', name: fileVariable, directory });
  }
  for (const name of Object.keys(env)) {
    if (!name.startsWith('SALLYPORT_') || known.has(name)) continue;
    const near = nearestName(name, known);
    mistakes.push(`${name}: no such variable${near === undefined ? '' : `, did you mean ${near}?`}`);
  }
  return { given, mistakes };
}

/** One trailing newline is the editor's, not the secret's. */
export function readSecretFile(file: string): { text: string; mistake?: never } | { text?: never; mistake: string } {
  try {
    return { text: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    return { mistake: `cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}` };
  }
}
