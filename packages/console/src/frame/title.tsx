import { createContext, Fragment, type ReactNode, useContext, useEffect } from 'react';
import { createPortal } from 'react-dom';

/** Where the top bar keeps the page's title; pages fill it, so one title stands on each page. */
export const TitleSlot = createContext<HTMLElement | null>(null);

export function PageTitle(props: { title: string; above?: readonly ReactNode[]; sub?: ReactNode }) {
  const slot = useContext(TitleSlot);
  const { title, above = [], sub } = props;
  useEffect(() => {
    document.title = `${title} · Sallyport`;
  }, [title]);
  if (slot === null) return null;
  return createPortal(
    <>
      {above.map((crumb, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: crumbs stand in a fixed order
        <Fragment key={index}>
          <span className="hide-s">{crumb}</span>
          <span className="sl hide-s" aria-hidden="true">
            /
          </span>
        </Fragment>
      ))}
      <h1 title={title}>{title}</h1>
      {sub !== undefined && <span className="sub hide-s">{sub}</span>}
    </>,
    slot,
  );
}
