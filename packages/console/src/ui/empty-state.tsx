import type { ReactNode } from 'react';
import { GateIcon } from './gate.js';

/** Nothing here yet, and what to do about it. */
export function EmptyState(props: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="empty">
      <GateIcon state="todo" className="arch" />
      <h2>{props.title}</h2>
      {props.children !== undefined && <p>{props.children}</p>}
      {props.actions !== undefined && <div className="acts">{props.actions}</div>}
    </div>
  );
}
