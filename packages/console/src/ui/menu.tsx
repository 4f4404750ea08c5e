import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

/** Between the button and its list. */
const GAP = 4;

/**
 * A button that opens a list of actions. Arrows move, Esc and Tab close, the focus returns to the button. The list lies
 * in the top layer, so that no scrolling frame cuts it.
 */
export function Menu(props: {
  label: string;
  button: ReactNode;
  buttonClass?: string;
  children(close: () => void): ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const items = () => Array.from(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []);

  useEffect(() => {
    if (!open) return;
    const menu = list.current;
    if (menu === null || opener.current === null) return;
    menu.showPopover();
    place(menu, opener.current);
    menu.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const away = () => setOpen(false);
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    // Capture: the frame that scrolls is not the document.
    document.addEventListener('scroll', away, true);
    addEventListener('resize', away);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('scroll', away, true);
      removeEventListener('resize', away);
    };
  }, [open]);

  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const go = (index: number) => all[(index + all.length) % all.length]?.focus();
    if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setOpen(false);
    else if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(all.length - 1);
    else return;
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the menu items inside
    <span className="menu-at" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={opener}
        type="button"
        className={props.buttonClass ?? 'icon'}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={props.label}
        title={props.label}
        onClick={() => setOpen(!open)}
      >
        {props.button}
      </button>
      {open && (
        <div id={id} ref={list} popover="manual" className="menu" role="menu" aria-label={props.label}>
          {props.children(close)}
        </div>
      )}
    </span>
  );
}

/** One action of a menu; `close` is the menu's own. */
export function MenuItem(props: { close(): void; danger?: boolean; onDo(): void; children: ReactNode }) {
  const { close, danger = false, onDo, children } = props;
  return (
    <button
      type="button"
      role="menuitem"
      className={danger ? 'danger' : undefined}
      onClick={() => {
        close();
        onDo();
      }}
    >
      {children}
    </button>
  );
}

/** Below the button, its right edge under the button's; above it, or further right, where the window ends. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const from = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = from.bottom + GAP + height <= innerHeight;
  menu.style.top = `${Math.max(GAP, below ? from.bottom + GAP : from.top - GAP - height)}px`;
  menu.style.left = `${Math.max(GAP, Math.min(from.right - width, innerWidth - width - GAP))}px`;
}
