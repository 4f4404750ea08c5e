import type { ReactNode } from 'react';

export interface Column {
  readonly key: string;
  /** Read by a screen reader only when `hidden` is set. */
  readonly head: ReactNode;
  readonly hidden?: boolean;
  readonly width?: number | string;
  readonly className?: string;
}

/** A table that scrolls sideways in its own frame when the page is narrow. `children` are the rows. */
export function Table(props: {
  label: string;
  columns: readonly Column[];
  minWidth?: number;
  /** On a small screen each row becomes a block; cells marked `s-line` take a line of their own. */
  stack?: boolean;
  children: ReactNode;
}) {
  const { label, columns, minWidth, stack = false, children } = props;
  return (
    // The frame scrolls, so it must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region needs the focus
    <section className="tbl-frame" aria-label={label} tabIndex={0}>
      <table
        className={stack ? 'tbl stacked' : 'tbl'}
        style={{ '--min': minWidth === undefined ? undefined : `${minWidth}px` }}
      >
        <colgroup>
          {columns.map(({ key, width, className: one }) => (
            <col key={key} style={{ width }} className={one} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ key, head, hidden, className: one }) => (
              <th key={key} scope="col" className={one}>
                {hidden ? <span className="sr">{head}</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
