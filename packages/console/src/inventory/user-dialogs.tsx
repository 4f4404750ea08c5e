import type { UserAnswer } from '@sallyport/core/wire/api-answers.js';
import { useState } from 'react';
import { createUser, deleteUser, type Role, resetPassword, resetTotp, updateUser } from '../api/users.js';
import { useText } from '../i18n/provider.js';
import { Checkbox, SelectField, TextField } from '../ui/field.js';
import { type Ends, FormDialog, SureDialog, useSave } from '../ui/form-dialog.js';

const ROLES: readonly Role[] = ['admin', 'operator', 'auditor'];

function RoleField({ value, onValue }: { value: Role; onValue(role: Role): void }) {
  const t = useText();
  return (
    <SelectField
      label={t('inventory.role')}
      help={t(`inventory.role-${value}-may`)}
      value={value}
      choices={ROLES.map((role) => ({ value: role, text: t(`inventory.role-${role}`) }))}
      onValue={onValue}
    />
  );
}

export function NewUser(ends: Ends) {
  const t = useText();
  const [action, save] = useSave(ends);
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [password, setPassword] = useState('');
  return (
    <FormDialog
      title={t('inventory.add-user')}
      action={action}
      submit={t('inventory.add-user')}
      onClose={ends.onClose}
      onSubmit={() =>
        save(
          () => createUser({ name: name.trim(), displayName: displayName.trim(), role, password }),
          t('inventory.saved', { name: name.trim() }),
        )
      }
    >
      <TextField
        label={t('setup.name')}
        value={name}
        onValue={setName}
        autoComplete="off"
        spellCheck={false}
        autoFocus
        required
      />
      <TextField
        label={t('me.display-name')}
        aside={t('common.optional')}
        value={displayName}
        onValue={setDisplayName}
        autoComplete="off"
      />
      <RoleField value={role} onValue={setRole} />
      <TextField
        type="password"
        label={t('inventory.first-password')}
        help={t('setup.password-help')}
        value={password}
        onValue={setPassword}
        autoComplete="new-password"
        required
      />
    </FormDialog>
  );
}

export function EditUser({ user, ...ends }: Ends & { user: UserAnswer }) {
  const t = useText();
  const [action, save] = useSave(ends);
  const [displayName, setDisplayName] = useState(user.displayName);
  const [role, setRole] = useState(user.role);
  const [active, setActive] = useState(user.active);
  return (
    <FormDialog
      title={t('inventory.edit-user', { name: user.name })}
      action={action}
      submit={t('common.save')}
      onClose={ends.onClose}
      onSubmit={() =>
        save(
          () => updateUser(user.id, { displayName: displayName.trim(), role, active }),
          t('inventory.saved', { name: user.name }),
        )
      }
    >
      <TextField label={t('me.display-name')} value={displayName} onValue={setDisplayName} autoComplete="off" />
      <RoleField value={role} onValue={setRole} />
      <Checkbox
        label={t('inventory.may-sign-in')}
        help={t('inventory.may-sign-in-help')}
        checked={active}
        onChecked={setActive}
      />
    </FormDialog>
  );
}

export function ResetPassword({ user, ...ends }: Ends & { user: UserAnswer }) {
  const t = useText();
  const [action, save] = useSave(ends);
  const [password, setPassword] = useState('');
  return (
    <FormDialog
      title={t('inventory.reset-password-of', { name: user.name })}
      action={action}
      submit={t('inventory.user-do-password')}
      onClose={ends.onClose}
      onSubmit={() => save(() => resetPassword(user.id, password), t('inventory.password-reset', { name: user.name }))}
    >
      <TextField
        type="password"
        label={t('me.new-password')}
        help={t('setup.password-help')}
        value={password}
        onValue={setPassword}
        autoComplete="new-password"
        autoFocus
        required
      />
    </FormDialog>
  );
}

export function ResetTotp({ user, ...ends }: Ends & { user: UserAnswer }) {
  const t = useText();
  const [action, save] = useSave(ends);
  return (
    <SureDialog
      title={t('inventory.reset-totp-of', { name: user.name })}
      body={t('inventory.reset-totp-body')}
      confirm={t('inventory.reset-totp-now')}
      action={action}
      onConfirm={() => save(() => resetTotp(user.id), t('inventory.totp-reset', { name: user.name }))}
      onClose={ends.onClose}
    />
  );
}

export function DeleteUser({ user, ...ends }: Ends & { user: UserAnswer }) {
  const t = useText();
  const [action, save] = useSave(ends);
  return (
    <SureDialog
      title={t('inventory.delete-user', { name: user.name })}
      body={t('inventory.delete-user-body')}
      confirm={t('inventory.delete-now')}
      action={action}
      onConfirm={() => save(() => deleteUser(user.id), t('inventory.deleted', { name: user.name }))}
      onClose={ends.onClose}
    />
  );
}
