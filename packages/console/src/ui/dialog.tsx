import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useText } from '../i18n/provider.js';
import { IconButton } from './button.js';

/** The browser's own modal: it keeps the focus inside, closes on Esc and gives the focus back to the opener. */
export function Dialog(props: {
  title: string;
  wide?: boolean;
  /** At the right edge, so that what it is about stays in sight. */
  beside?: boolean;
  onClose(): void;
  children: ReactNode;
}) {
  const { title, wide = false, beside = false, onClose, children } = props;
  const ref = useModal(onClose);
  const id = useId();
  const t = useText();
  return (
    <dialog ref={ref} className={`dlg${wide ? ' wide' : ''}${beside ? ' beside' : ''}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={t('common.close')} onClick={() => ref.current?.close()} />
      </header>
      {children}
    </dialog>
  );
}

/** Shows the dialog as long as the component is mounted. `onClose` must unmount it. */
export function useModal(onClose: () => void) {
  const ref = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    const opener = document.activeElement;
    dialog.showModal();
    // The browser would begin at the close button; a person begins at the first field, or at the safe button.
    dialog.querySelector<HTMLElement>('[data-first], form :is(input, textarea, select), footer button')?.focus();
    const closed = () => close.current();
    const outside = (event: MouseEvent) => {
      // The dialog's own padding is inside; only the backdrop lies beyond its edges.
      const { left, right, top, bottom } = dialog.getBoundingClientRect();
      const { clientX: x, clientY: y } = event;
      if (event.target === dialog && (x < left || x > right || y < top || y > bottom)) dialog.close();
    };
    dialog.addEventListener('close', closed);
    dialog.addEventListener('mousedown', outside);
    return () => {
      dialog.removeEventListener('close', closed);
      dialog.removeEventListener('mousedown', outside);
      dialog.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return ref;
}

/** Asks before something that cannot be undone. Focus starts on Cancel; Enter elsewhere never confirms. */
export function Confirm(props: {
  title: string;
  body: ReactNode;
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  error?: ReactNode;
  onConfirm(): void;
  onClose(): void;
}) {
  const t = useText();
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{props.body}</p>
      {props.error}
      <footer>
        <button type="button" className="btn g" onClick={props.onClose}>
          {t('common.cancel')}
        </button>
        <button
          type="button"
          className={props.danger ? 'btn dd' : 'btn p'}
          aria-disabled={props.busy || undefined}
          onClick={props.busy ? undefined : props.onConfirm}
        >
          {props.confirm}
        </button>
      </footer>
    </Dialog>
  );
}
