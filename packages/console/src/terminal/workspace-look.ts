/** What a workspace shows and asks of the page. */
import type { Emulator } from './emulator.js';
import type { Layout } from './layout.js';
import type { PastePlan } from './paste.js';
import type { RemoteShell, ShellTarget } from './remote-shell.js';
import type { ShellState, ShellView } from './shell-state.js';
import type { ShortcutAction } from './shortcuts.js';
import type { Held } from './touch-keys.js';

export interface Pane {
  readonly id: string;
  readonly target: ShellTarget;
  readonly shell: RemoteShell;
  readonly emulator: Emulator;
}
export interface PaneLook {
  readonly view: ShellView;
  readonly title: string;
  /** Output of an earlier session stands in the screen. */
  readonly kept: boolean;
  readonly paste?: PastePlan;
}
export interface WorkspaceLook {
  readonly layout: Layout;
  readonly panes: ReadonlyMap<string, PaneLook>;
  readonly held: Held;
  readonly latencyMs: number | undefined;
}
/** What only the page can do: words in the user's language, the find bar, focus. */
export interface PageHooks {
  /** The line written under the output when a shell stops. */
  stoppedLine(state: ShellState): string | undefined;
  shortcut(pane: string, action: ShortcutAction): void;
  copied(ok: boolean): void;
  careful(target: ShellTarget): boolean;
}
