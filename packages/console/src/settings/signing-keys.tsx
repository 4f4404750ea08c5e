import { useQuery } from '@tanstack/react-query';
import { signingKeysQuery } from '../api/settings.js';
import { useText } from '../i18n/provider.js';
import { CopyButton } from '../ui/copy.js';
import { Note } from '../ui/note.js';
import { QueryState } from '../ui/query-state.js';
import { Moment } from '../ui/words.js';

/** Public keys that vouch for recordings, the one in force first. To compare with what an auditor holds. */
export function SigningKeys() {
  const t = useText();
  const query = useQuery(signingKeysQuery);
  return (
    <section id="settings.signing-keys" className="setgroup" aria-label={t('settings.signing-keys')}>
      <h2>{t('settings.signing-keys')}</h2>
      <Note>{t('settings.signing-keys-help')}</Note>
      <QueryState query={query} failed={t('settings.signing-keys-failed')}>
        {({ keys }) =>
          [...keys].reverse().map(({ kid, validFrom, validUntil }) => (
            <div key={kid} className="setrow">
              <b>{t(validUntil === undefined ? 'settings.key-in-force' : 'settings.key-before')}</b>
              <div className="row break">
                <code className="break">{kid}</code>
                <CopyButton text={kid} label={t('settings.signing-keys')} />
              </div>
              <div className="meta t3">
                {validFrom !== undefined && <Moment at={validFrom} />}
                {validUntil !== undefined && (
                  <>
                    {' – '}
                    <Moment at={validUntil} />
                  </>
                )}
              </div>
            </div>
          ))
        }
      </QueryState>
    </section>
  );
}
