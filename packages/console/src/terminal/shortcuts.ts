/**
 * Which keys belong to the page inside a terminal. All others reach the shell. Ctrl+C and Ctrl+V are shared: they copy
 * when something is selected and paste at a prompt, and are the program's own in the alternate screen (vim's block mode).
 */
export type ShortcutAction =
  | 'copy'
  | 'paste-natively'
  | 'find'
  | 'split-right'
  | 'split-down'
  | 'previous-tab'
  | 'next-tab'
  | 'leave'
  | 'leave-back'
  | 'palette';

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
}

export function shortcutOf(
  press: KeyPress,
  at: { readonly selection: boolean; readonly alternateScreen: boolean },
): ShortcutAction | undefined {
  if (press.isComposing || press.metaKey) return undefined;
  const { code, ctrlKey: ctrl, shiftKey: shift, altKey: alt } = press;
  if (ctrl && !alt && code === 'F6') return shift ? 'leave-back' : 'leave';
  if (ctrl && alt && !shift) {
    if (code === 'PageUp') return 'previous-tab';
    if (code === 'PageDown') return 'next-tab';
    return undefined;
  }
  if (alt) return undefined;
  if (ctrl && shift) {
    switch (code) {
      case 'KeyC':
        return 'copy';
      case 'KeyV':
        return 'paste-natively';
      case 'KeyF':
        return 'find';
      case 'KeyD':
        return 'split-right';
      case 'KeyE':
        return 'split-down';
      case 'KeyK':
        return 'palette';
    }
    return undefined;
  }
  if (shift && !ctrl && code === 'Insert') return 'paste-natively';
  if (!ctrl || shift) return undefined;
  if (code === 'Insert') return at.selection ? 'copy' : undefined;
  // By letter, not by place: on another layout the C may stand elsewhere.
  const letter = press.key.toLowerCase();
  if (letter === 'c' && at.selection) return 'copy';
  if (letter === 'v' && !at.alternateScreen) return 'paste-natively';
  return undefined;
}
