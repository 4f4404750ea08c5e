import { useState } from 'react';
import { useText } from '../i18n/provider.js';
import { TextField } from './field.js';

export interface NewPassword {
  readonly password: string;
  readonly again: string;
  /** Sent once although the two differed; told until they are the same. */
  readonly tried: boolean;
}
const NOTHING: NewPassword = { password: '', again: '', tried: false };

/** A new password and the same once more. `take` gives it when both are the same, and says so when not. */
export function useNewPassword() {
  const [typed, setTyped] = useState(NOTHING);
  return {
    typed,
    setTyped,
    take(): string | undefined {
      setTyped({ ...typed, tried: true });
      return typed.password === typed.again ? typed.password : undefined;
    },
    clear: () => setTyped(NOTHING),
  };
}

export function NewPasswordFields(props: {
  label: string;
  /** Why the server refused it. */
  error?: string | undefined;
  typed: NewPassword;
  onTyped(typed: NewPassword): void;
}) {
  const t = useText();
  const { label, error, typed, onTyped } = props;
  const differs = typed.tried && typed.again !== typed.password;
  return (
    <>
      <TextField
        type="password"
        label={label}
        help={t('setup.password-help')}
        error={error}
        value={typed.password}
        onValue={(password) => onTyped({ ...typed, password })}
        autoComplete="new-password"
        required
      />
      <TextField
        type="password"
        label={t('setup.again')}
        error={differs ? t('setup.differs') : undefined}
        value={typed.again}
        onValue={(again) => onTyped({ ...typed, again })}
        autoComplete="new-password"
        required
      />
    </>
  );
}
