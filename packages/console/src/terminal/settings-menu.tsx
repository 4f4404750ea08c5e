import { useState } from 'react';
import { useText } from '../i18n/provider.js';
import { Dialog } from '../ui/dialog.js';
import { Checkbox, SelectField } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { Menu } from '../ui/menu.js';
import { FONT_SIZES, setPreferences, usePreferences } from './preferences.js';

export function SettingsMenu(props: {
  panes: readonly { readonly id: string; readonly text: string; readonly current: boolean }[];
  onPane(id: string): void;
  onSplitDown(): void;
  onFind(): void;
}) {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Menu label={t('terminal.more')} button={<Icon name="more" />}>
        {(close) => {
          const item = (
            text: string,
            run: () => void,
            icon: 'search' | 'split' | 'settings' | 'connect',
            small = false,
          ) => (
            <button
              key={text}
              type="button"
              role="menuitem"
              className={small ? 'only-s' : undefined}
              onClick={() => {
                close();
                run();
              }}
            >
              <Icon name={icon} />
              {text}
            </button>
          );
          return (
            <>
              {props.panes.length > 1 &&
                props.panes.map((pane) => (
                  <button
                    key={pane.id}
                    type="button"
                    role="menuitem"
                    className="only-s"
                    aria-current={pane.current || undefined}
                    onClick={() => {
                      close();
                      props.onPane(pane.id);
                    }}
                  >
                    <Icon name={pane.current ? 'check' : 'connect'} />
                    {pane.text}
                  </button>
                ))}
              {item(t('terminal.find'), props.onFind, 'search', true)}
              {item(t('terminal.split-down'), props.onSplitDown, 'split')}
              {item(t('terminal.settings'), () => setOpen(true), 'settings')}
            </>
          );
        }}
      </Menu>
      {open && <SettingsDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function SettingsDialog({ onClose }: { onClose(): void }) {
  const t = useText();
  const { theme, fontSize, selectToCopy, screenReader, remoteClipboard } = usePreferences();
  return (
    <Dialog title={t('terminal.settings')} onClose={onClose}>
      <div className="form">
        <SelectField
          label={t('terminal.theme')}
          value={theme}
          choices={[
            { value: 'night', text: t('terminal.theme-night') },
            { value: 'day', text: t('terminal.theme-day') },
          ]}
          onValue={(value) => setPreferences({ theme: value })}
        />
        <SelectField
          label={t('terminal.font-size')}
          value={String(fontSize)}
          choices={FONT_SIZES.map((size) => ({ value: String(size), text: `${size} px` }))}
          onValue={(value) => setPreferences({ fontSize: Number(value) })}
        />
        <Checkbox
          label={t('terminal.select-to-copy')}
          checked={selectToCopy}
          onChecked={(checked) => setPreferences({ selectToCopy: checked })}
        />
        <Checkbox
          label={t('terminal.screen-reader')}
          checked={screenReader}
          onChecked={(checked) => setPreferences({ screenReader: checked })}
        />
        <Checkbox
          label={t('terminal.remote-clipboard')}
          checked={remoteClipboard}
          onChecked={(checked) => setPreferences({ remoteClipboard: checked })}
        />
      </div>
    </Dialog>
  );
}
