/** The static page: a recording, a key, an answer. Built into one HTML file that is opened from disk. */
import { type Finding, type RecordingReport, sessionTime } from '@sallyport/core/cast/recording-report.js';
import { type Language, WORDS } from './page-words.js';
import { verifyFile } from './verify.js';

let language: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';

const element = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(id);
  return found as T;
};
const recording = element<HTMLInputElement>('recording');
const keyFile = element<HTMLInputElement>('key');
const keyText = element<HTMLTextAreaElement>('key-text');
const answer = element<HTMLElement>('answer');

function speak(): void {
  const words = WORDS[language];
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = words.title;
  for (const one of document.querySelectorAll<HTMLElement>('[data-word]')) {
    const text = words[one.dataset.word as keyof typeof words];
    if (typeof text === 'string') one.textContent = text;
  }
}

function line(name: string, value: string): HTMLElement[] {
  const [term, text] = [document.createElement('dt'), document.createElement('dd')];
  term.textContent = name;
  text.textContent = value;
  return [term, text];
}

function verdict(kind: 'ok' | 'damaged' | 'failed', ...more: (Node | string)[]): void {
  const title = document.createElement('h2');
  title.textContent = WORDS[language][kind];
  answer.className = kind;
  answer.replaceChildren(title, ...more);
}

function show(report: RecordingReport): void {
  const words = WORDS[language];
  const { sessionId = '', userName = '', hostName = '', login = '', startedAt, signatures } = report;
  const facts = document.createElement('dl');
  facts.append(...line(words.session, `${userName} → ${login}@${hostName} (${sessionId})`));
  if (startedAt !== undefined) facts.append(...line(words.started, new Date(startedAt).toISOString()));
  facts.append(...line(words.length, `${sessionTime(report.durationMs * 1000)}, ${words.states[report.state]}`));
  for (const keyId of signatures.keyIds) facts.append(...line(words.signed, keyId));
  const { last } = signatures;
  if (last !== undefined)
    facts.append(...line(words.signedAt, `${new Date(last.signedAt).toISOString()} (${sessionTime(last.us)})`));
  facts.append(...line(words.head, report.head));
  verdict(report.ok ? 'ok' : 'damaged', facts, ...(report.ok ? [] : [table(report.findings)]));
}

function table(findings: readonly Finding[]): HTMLTableElement {
  const words = WORDS[language];
  const rows = document.createElement('table');
  const head = rows.createTHead().insertRow();
  for (const name of [words.what, words.bytes, words.chunk, words.time]) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = name;
    head.append(cell);
  }
  const body = rows.createTBody();
  for (const { kind, detail, from, to, chunk, fromUs, toUs } of findings) {
    const until = toUs === undefined ? '' : ` – ${sessionTime(toUs)}`;
    const bytes = to > from ? `${from} – ${to - 1}` : String(from);
    const row = body.insertRow();
    row.dataset.kind = kind;
    const cells = [
      `${kind}: ${detail}`,
      bytes,
      chunk === undefined ? '' : String(chunk),
      `${sessionTime(fromUs)}${until}`,
    ];
    for (const text of cells) row.insertCell().textContent = text;
  }
  return rows;
}

async function run(): Promise<void> {
  const [file] = recording.files ?? [];
  const [key] = keyFile.files ?? [];
  const text = keyText.value.trim() === '' ? await key?.text() : keyText.value;
  if (file === undefined || text === undefined) return;
  const bar = document.createElement('progress');
  bar.max = file.size;
  answer.className = '';
  answer.replaceChildren(WORDS[language].running, ' ', bar);
  try {
    show(
      await verifyFile(file, text, (bytes) => {
        bar.value = bytes;
      }),
    );
  } catch (error) {
    verdict('failed', error instanceof Error ? error.message : String(error));
  }
}

element('verify').addEventListener('click', () => void run());
element('language').addEventListener('click', () => {
  language = language === 'en' ? 'zh' : 'en';
  speak();
});
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => {
  event.preventDefault();
  const { files } = event.dataTransfer ?? {};
  if (files === undefined) return;
  for (const file of files) {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    (file.name.endsWith('.sprec') ? recording : keyFile).files = transfer.files;
  }
  void run();
});
speak();
