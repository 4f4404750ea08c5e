import { type ReactNode, useEffect } from 'react';
import { Mark } from '../ui/icon.js';
import { Toasts } from '../ui/toast.js';
import { LanguageSwitch, ThemeSwitch } from './switchers.js';

/** The frame of pages that stand before sign-in. */
export function Lone(props: {
  title: string;
  brand?: boolean;
  door?: boolean;
  footer?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${props.title} · Sallyport`;
  }, [props.title]);
  return (
    <div className="lone">
      <header>
        {props.brand && (
          <span className="brand">
            <Mark />
            <span>Sallyport</span>
          </span>
        )}
        <span className="end">
          <LanguageSwitch />
          <ThemeSwitch />
        </span>
      </header>
      <main id="main" className={props.door ? 'door-main' : undefined}>
        {props.children}
      </main>
      <footer>{props.footer}</footer>
      <Toasts />
    </div>
  );
}
