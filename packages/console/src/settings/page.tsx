import type { SettingAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { settingsQuery } from '../api/settings.js';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import { Icon } from '../ui/icon.js';
import { Note } from '../ui/note.js';
import { QueryState } from '../ui/query-state.js';
import { SETTING_GROUPS } from './known-settings.js';
import { Retention } from './retention.js';
import { SigningKeys } from './signing-keys.js';
import './settings.css';

/**
 * What is in force and where each value came from; the owner of such a value is its file or flag. Retention is the
 * gateway's own and is changed here.
 */
export function SettingsPage() {
  const t = useText();
  const query = useQuery(settingsQuery);
  return (
    <>
      <PageTitle title={t('frame.settings')} />
      <QueryState query={query} failed={t('settings.failed')}>
        {({ items }) => <Groups settings={items} />}
      </QueryState>
    </>
  );
}

function Groups({ settings }: { settings: readonly SettingAnswer[] }) {
  const t = useText();
  const byKey = new Map(settings.map((setting) => [setting.key, setting]));
  const known = new Set(SETTING_GROUPS.flatMap((group) => group.settings.map(({ key }) => key)));
  const others = settings.filter(({ key }) => !known.has(key));
  return (
    <div className="settings">
      <nav className="toc" aria-label={t('frame.settings')}>
        {SETTING_GROUPS.map(({ title }) => (
          <Link key={title} to="/settings" hash={title} replace>
            {t(title)}
          </Link>
        ))}
        <Link to="/settings" hash="keep.title" replace>
          {t('keep.title')}
        </Link>
        <Link to="/settings" hash="settings.signing-keys" replace>
          {t('settings.signing-keys')}
        </Link>
      </nav>
      <div>
        <Note>{t('settings.read-only')}</Note>
        {SETTING_GROUPS.map(({ title, settings: rows }) => (
          <section key={title} id={title} className="setgroup" aria-label={t(title)}>
            <h2>{t(title)}</h2>
            {rows.map(({ key, name, help }) => {
              const setting = byKey.get(key);
              return setting && <Row key={key} setting={setting} name={t(name)} help={t(help)} />;
            })}
          </section>
        ))}
        {others.length > 0 && (
          <section className="setgroup" aria-label={t('settings.others')}>
            <h2>{t('settings.others')}</h2>
            {others.map((setting) => (
              <Row key={setting.key} setting={setting} name={setting.key} />
            ))}
          </section>
        )}
        <Retention />
        <SigningKeys />
      </div>
    </div>
  );
}

function Row({ setting, name, help }: { setting: SettingAnswer; name: string; help?: string }) {
  const t = useText();
  const { key, value, origin, secret } = setting;
  const variable = `SALLYPORT_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  return (
    <div className="setrow">
      <div>
        <b>{name}</b>
        {help !== undefined && <small>{help}</small>}
      </div>
      <div className="break">
        {value === '' ? (
          <span className="t3">{t('settings.not-set')}</span>
        ) : secret ? (
          <span className="t3">{t('settings.hidden')}</span>
        ) : (
          <code>{value}</code>
        )}
      </div>
      <div className="meta t3" title={variable}>
        {origin === 'default' ? (
          t('settings.origin-default')
        ) : (
          <span className="row gap-s">
            <Icon name="lock" size="s" />
            {origin === 'environment' ? <code className="break">{variable}</code> : t(`settings.origin-${origin}`)}
          </span>
        )}
      </div>
    </div>
  );
}
