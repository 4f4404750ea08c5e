/** The page of an evidence bundle: reads the data blocks, plays, checks, tells. Runs from disk, without any network. */
import '../ui/tokens.css';
import './evidence.css';
import type { SigningKey } from '@sallyport/core/evidence/signing-key.js';
import { makeFormat } from '../i18n/format.js';
import { type Checked, check, givenKeys, keysInFile } from './checks.js';
import { type Bundle, readBundle } from './data-blocks.js';
import { el, seen } from './dom.js';
import { createPlayback } from './playback.js';
import { auditCard, factsCard, ledgerCard, type Telling, viewersCard } from './sections.js';
import { verdictCard } from './verdict-card.js';
import { type Language, WORDS } from './words.js';

const root = document.documentElement;
let language: Language = /^zh/i.test(navigator.language) ? 'zh-CN' : 'en';
let dark = matchMedia('(prefers-color-scheme: dark)').matches;

function run(bundle: Bundle): void {
  const { facts, container } = bundle;
  const playback = createPlayback(bundle);
  let checked: Checked | 'checking' | 'cannot' = 'checking';
  let keyProblem = '';
  const [top, verdict, below] = [el('header'), el('div'), el('div', { class: 'below' })];
  const keyText = el('textarea', { id: 'key', rows: '3', spellcheck: 'false', autocomplete: 'off' });
  const address = URL.createObjectURL(container);

  const telling = (): Telling => ({ language, words: WORDS[language], format: makeFormat(language) });
  const tellVerdict = (): void => {
    const { words, format } = telling();
    verdict.replaceChildren(verdictCard(checked, words, format));
  };
  async function verify(given: readonly SigningKey[] | undefined): Promise<void> {
    checked = 'checking';
    tellVerdict();
    checked = (await check(bundle, given)) ?? 'cannot';
    tellVerdict();
  }
  async function verifyByKey(): Promise<void> {
    const { words } = telling();
    const keys = keyText.value.trim() === '' ? undefined : await givenKeys(keyText.value, await keysInFile(bundle));
    const wrong = typeof keys === 'string';
    keyProblem = wrong ? (keys === 'no-such-key' ? words.keyNotHere : words.keyWrong(keys)) : '';
    tellBelow();
    if (!wrong) await verify(keys);
  }
  function tellTop(): void {
    const { words, format } = telling();
    const { session } = facts;
    const speak = el('button', { type: 'button', lang: language === 'en' ? 'zh-CN' : 'en' }, words.language);
    speak.addEventListener('click', () => {
      language = language === 'en' ? 'zh-CN' : 'en';
      tell();
    });
    const shade = el('button', { type: 'button' }, dark ? words.light : words.dark);
    shade.addEventListener('click', () => {
      dark = !dark;
      tell();
    });
    const who = `${seen(session.userName)} → ${seen(session.login)}@${seen(session.hostName)}`;
    document.title = `${words.title}: ${who}`;
    top.replaceChildren(
      el('div', {}, el('h1', {}, words.title), el('p', { class: 'who' }, who)),
      el('div', { class: 'buttons' }, speak, shade),
    );
    below.dataset.made = format.dateTimeFull(facts.madeAt);
  }
  function tellBelow(): void {
    const all = telling();
    const { words, format } = all;
    const go = el('button', { type: 'button' }, words.checkAgain);
    go.addEventListener('click', () => void verifyByKey());
    const keyCard = el(
      'section',
      { class: 'card' },
      el('h2', {}, words.giveKey),
      el('label', { for: 'key' }, words.giveKeyHelp),
      keyText,
      keyProblem === '' ? undefined : el('p', { class: 'problem', role: 'alert' }, keyProblem),
      go,
    );
    const name = `sallyport-${/^[0-9a-z]{1,64}$/i.test(facts.session.id) ? facts.session.id : 'recording'}.sprec`;
    const take = el('a', { class: 'button', href: address, download: name }, words.download);
    const made = words.made(seen(facts.madeBy), format.dateTimeFull(facts.madeAt), seen(facts.gateway));
    const cards = [
      factsCard(bundle, all),
      viewersCard(bundle, all),
      keyCard,
      auditCard(bundle, all),
      ledgerCard(bundle, all),
    ];
    below.replaceChildren(
      ...cards.filter((card) => card !== undefined),
      el('footer', {}, take, el('p', {}, made, ' ', words.about)),
    );
  }
  function tell(): void {
    root.lang = language;
    root.dataset.theme = dark ? 'dark' : 'light';
    tellTop();
    tellVerdict();
    tellBelow();
    playback.speak(WORDS[language]);
  }

  document.body.replaceChildren(top, el('main', {}, verdict, playback.element, below));
  tell();
  playback.begin();
  void verify(undefined);
}

const start = (): void => {
  let bundle: Bundle | undefined;
  try {
    bundle = readBundle(document);
  } catch {
    // told below
  }
  if (bundle !== undefined) {
    run(bundle);
    return;
  }
  root.dataset.theme = dark ? 'dark' : 'light';
  document.body.replaceChildren(
    el('main', {}, el('p', { class: 'card problem', role: 'alert' }, WORDS[language].noBundle)),
  );
};
start();
