import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { meQuery } from '../api/me.js';
import { changePassword, updateMe } from '../api/profile.js';
import { PageTitle } from '../frame/title.js';
import { apiLanguage } from '../i18n/language.js';
import { useSpeak, useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { SelectField, TextField } from '../ui/field.js';
import { NewPasswordFields, useNewPassword } from '../ui/new-password.js';
import { ProblemNote } from '../ui/problem.js';
import { toast } from '../ui/toast.js';
import { useAction } from '../ui/use-action.js';
import { Card } from './card.js';
import { TokensCard } from './tokens-card.js';
import { TotpCard } from './totp-card.js';

/** One's own name, language, password, second step and tokens. */
export function MePage() {
  const t = useText();
  return (
    <div className="measure">
      <PageTitle title={t('frame.profile')} />
      <ProfileCard />
      <PasswordCard />
      <TotpCard />
      <TokensCard />
    </div>
  );
}

function ProfileCard() {
  const t = useText();
  const speak = useSpeak();
  const queries = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery);
  const action = useAction();
  const [displayName, setDisplayName] = useState(me.user.displayName);
  const [language, setLanguage] = useState(me.user.language ?? apiLanguage(t.language));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if ((await action.run(() => updateMe({ displayName: displayName.trim(), language }))) === undefined) return;
    await speak(language);
    await queries.invalidateQueries({ queryKey: meQuery.queryKey });
    toast(t('me.saved'));
  };
  return (
    <Card title={t('me.who')}>
      <form className="form" onSubmit={(event) => void save(event)}>
        <dl className="kv">
          <dt>{t('setup.name')}</dt>
          <dd>{me.user.name}</dd>
          <dt>{t('inventory.role')}</dt>
          <dd>{t(`inventory.role-${me.user.role}`)}</dd>
        </dl>
        <TextField
          label={t('me.display-name')}
          value={displayName}
          onValue={setDisplayName}
          autoComplete="name"
          maxLength={128}
        />
        <SelectField<'en' | 'zh-CN'>
          label={t('me.language')}
          help={t('me.language-help')}
          value={language}
          choices={[
            { value: 'zh-CN', text: '简体中文' },
            { value: 'en', text: 'English' },
          ]}
          onValue={setLanguage}
        />
        {action.problem && <ProblemNote problem={action.problem} />}
        <div className="acts">
          <Button type="submit" kind="primary" busy={action.busy}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function PasswordCard() {
  const t = useText();
  const queries = useQueryClient();
  const action = useAction();
  const [current, setCurrent] = useState('');
  const fresh = useNewPassword();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const next = fresh.take();
    if (next === undefined) return;
    if ((await action.run(() => changePassword(current, next))) === undefined) return;
    setCurrent('');
    fresh.clear();
    await queries.invalidateQueries({ queryKey: meQuery.queryKey });
    toast(t('me.password-changed'));
  };
  return (
    <Card title={t('setup.password')}>
      <form className="form" onSubmit={(event) => void save(event)}>
        <TextField
          type="password"
          label={t('me.current-password')}
          value={current}
          onValue={setCurrent}
          autoComplete="current-password"
          required
        />
        <NewPasswordFields label={t('me.new-password')} typed={fresh.typed} onTyped={fresh.setTyped} />
        {action.problem && <ProblemNote problem={action.problem} />}
        <div className="acts">
          <Button type="submit" busy={action.busy}>
            {t('me.change-password')}
          </Button>
          <span className="meta t3">{t('me.password-ends-others')}</span>
        </div>
      </form>
    </Card>
  );
}
