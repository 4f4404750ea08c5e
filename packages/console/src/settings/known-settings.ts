import type { MessageKey } from '../i18n/messages.js';

/** The settings we have words for, by group. One the page does not know yet is still shown, under its own key. */
interface Known {
  readonly key: string;
  readonly name: MessageKey;
  readonly help: MessageKey;
}
const of = <K extends string>(key: K): { key: K; name: `settings.${K}`; help: `settings.${K}-help` } => ({
  key,
  name: `settings.${key}`,
  help: `settings.${key}-help`,
});

export const SETTING_GROUPS: readonly { readonly title: MessageKey; readonly settings: readonly Known[] }[] = [
  {
    title: 'settings.sessions',
    settings: [
      of('idleLimit'),
      of('sessionLimit'),
      of('resumeWindow'),
      of('maxSessionsPerUser'),
      of('maxSessionsPerHost'),
    ],
  },
  {
    title: 'settings.listening',
    settings: [of('http'), of('publicUrl'), of('trustedProxies'), of('tlsCert'), of('tlsKey'), of('tlsKeyPassphrase')],
  },
  {
    title: 'settings.storage',
    settings: [of('data'), of('masterKeyFile'), of('retentionFloor'), of('recordingEncryption')],
  },
  { title: 'settings.log', settings: [of('logLevel'), of('logFormat')] },
];
