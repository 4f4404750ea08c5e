import { useText } from '../i18n/provider.js';
import { type Held, NOTHING_HELD, TOUCH_KEYS, type TouchKey, touchKeyBytes } from './touch-keys.js';
import type { Workspace } from './workspace.js';
import type { Pane } from './workspace-look.js';

const FACE: Readonly<Record<TouchKey, string>> = {
  esc: 'Esc',
  tab: 'Tab',
  ctrl: 'Ctrl',
  alt: 'Alt',
  left: '←',
  up: '↑',
  down: '↓',
  right: '→',
  '/': '/',
  '-': '-',
  '|': '|',
};

/** Keys a phone's keyboard lacks. Ctrl and Alt stay down for the next key. */
export function KeyBar({ workspace, pane, held }: { workspace: Workspace; pane: Pane; held: Held }) {
  const t = useText();
  const press = (key: TouchKey) => {
    if (key === 'ctrl') return workspace.hold({ ...held, ctrl: !held.ctrl });
    if (key === 'alt') return workspace.hold({ ...held, alt: !held.alt });
    const bytes = touchKeyBytes(key, held, pane.emulator.modes.applicationCursorKeys);
    workspace.hold(NOTHING_HELD);
    if (bytes !== undefined) pane.emulator.input(bytes);
  };
  const named = {
    left: t('terminal.key-left'),
    up: t('terminal.key-up'),
    down: t('terminal.key-down'),
    right: t('terminal.key-right'),
  };
  return (
    <div className="keys" role="toolbar" aria-label={t('terminal.keys')}>
      {TOUCH_KEYS.map((key) => (
        <button
          key={key}
          type="button"
          aria-label={key in named ? named[key as keyof typeof named] : undefined}
          aria-pressed={key === 'ctrl' || key === 'alt' ? held[key] : undefined}
          // The keyboard of the phone stays open only while the terminal keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => press(key)}
        >
          {FACE[key]}
        </button>
      ))}
    </div>
  );
}
