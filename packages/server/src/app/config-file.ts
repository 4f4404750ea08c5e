/** The settings file: a flat YAML mapping whose keys are the table's. Every mistake names its line. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { readSecretFile } from './env.js';
import type { GivenSetting } from './given-setting.js';
import { nearestName } from './nearest-name.js';
import { SETTING_KEYS, SETTINGS, type SettingKey } from './settings.js';

export interface FileSettings {
  readonly given: readonly GivenSetting[];
  readonly mistakes: readonly string[];
}

/** undefined: there is no such file. */
export function settingsFromFile(file: string): FileSettings | undefined {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' ? undefined : { given: [], mistakes: [`${file}: cannot be read: ${code}`] };
  }
  return parseSettings(source, file);
}

export function parseSettings(source: string, file: string): FileSettings {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number | undefined): string =>
    offset === undefined ? file : `${file}:${lines.linePos(offset).line}`;
  const mistakes = document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`);
  const given: GivenSetting[] = [];
  if (mistakes.length > 0 || document.contents === null) return { given, mistakes };
  if (!isMap(document.contents)) return { given, mistakes: [`${file}: must be lines of “key: value”`] };

  const secretFiles = new Map(SETTING_KEYS.filter((key) => SETTINGS[key].secret).map((key) => [`${key}File`, key]));
  const known = [...SETTING_KEYS, ...secretFiles.keys()];
  const directory = dirname(resolve(file));
  for (const { key: node, value } of document.contents.items) {
    const name = isScalar(node) ? String(node.value) : '';
    const place = at(isScalar(node) ? node.range?.[0] : undefined);
    const key = SETTING_KEYS.find((candidate) => candidate === name);
    const secretKey = secretFiles.get(name);
    if (key === undefined && secretKey === undefined) {
      const near = nearestName(name, known);
      const hint = near === undefined ? '' : `, did you mean “${near}”?`;
      mistakes.push(`${place}: no such setting “${visibleText(name)}”${hint}`);
      continue;
    }
    const text = scalarText(value);
    if (text === null) continue;
    if (text === undefined) mistakes.push(`${place}: ${name}: must be one value, or a list of values`);
    else if (key !== undefined) given.push({ key, text, origin: 'file', name: place, directory });
    else if (secretKey !== undefined) readSecret(secretKey, resolve(directory, text), place);
  }
  return { given, mistakes };

  function readSecret(key: SettingKey, path: string, place: string): void {
    const read = readSecretFile(path);
    if (read.text === undefined) mistakes.push(`${place}: ${read.mistake}`);
    else given.push({ key, text: read.text, origin: 'file', name: place, directory });
  }
}

/** null: left empty, which counts as not set. undefined: not a value a setting can have. */
function scalarText(node: unknown): string | null | undefined {
  if (node === null || node === undefined) return null;
  if (isScalar(node)) {
    if (node.value === null) return null;
    // The source keeps `0.10` and `1e3` as they were typed.
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  }
  if (!isSeq(node)) return undefined;
  const items = node.items.map((item) => (isAlias(item) ? undefined : scalarText(item)));
  return items.every((item) => typeof item === 'string') ? items.join(',') : undefined;
}
