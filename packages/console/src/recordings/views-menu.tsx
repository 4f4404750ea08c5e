import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useText } from '../i18n/provider.js';
import { parseSearch, stringifySearch } from '../search.js';
import { TextField } from '../ui/field.js';
import { FormDialog } from '../ui/form-dialog.js';
import { Icon } from '../ui/icon.js';
import { Menu, MenuItem } from '../ui/menu.js';
import { useAction } from '../ui/use-action.js';
import { dropView, keepView, readViews } from './saved-views.js';
import { type ListSearch, listSearch } from './search.js';

/** Saved searches: chosen, kept, dropped. */
export function ViewsMenu({ search }: { search: ListSearch }) {
  const t = useText();
  const navigate = useNavigate();
  const [views, setViews] = useState(readViews);
  const [saving, setSaving] = useState(false);
  const [name, setName] = useState('');
  const action = useAction();
  const query = stringifySearch({ ...search });
  const current = views.find((view) => view.query === query);
  return (
    <>
      <Menu
        label={t('recordings.views')}
        buttonClass="btn"
        button={
          <>
            {current?.name ?? t('recordings.views')}
            <Icon name="down" />
          </>
        }
      >
        {(close) => (
          <>
            {views.map((view) => (
              <MenuItem
                key={view.name}
                close={close}
                onDo={() => void navigate({ to: '/recordings', search: listSearch(parseSearch(view.query)) })}
              >
                {view.name}
              </MenuItem>
            ))}
            {current === undefined ? (
              <MenuItem close={close} onDo={() => setSaving(true)}>
                {t('recordings.view-save')}
              </MenuItem>
            ) : (
              <MenuItem close={close} danger onDo={() => setViews(dropView(views, current.name))}>
                {t('recordings.view-drop', { name: current.name })}
              </MenuItem>
            )}
          </>
        )}
      </Menu>
      {saving && (
        <FormDialog
          title={t('recordings.view-title')}
          action={action}
          submit={t('recordings.view-keep')}
          onSubmit={() => {
            setViews(keepView(views, { name: name.trim(), query }));
            setName('');
            setSaving(false);
          }}
          onClose={() => setSaving(false)}
        >
          <TextField
            label={t('recordings.view-name')}
            help={t('recordings.view-here')}
            value={name}
            onValue={setName}
            maxLength={64}
            pattern=".*\S.*"
            autoComplete="off"
            required
          />
        </FormDialog>
      )}
    </>
  );
}
