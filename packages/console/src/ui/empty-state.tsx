import { Fragment, type ReactNode } from 'react';
import { GateIcon, type GateState } from './gate.js';

/** Nothing here yet, and what to do about it. `gate` shows bars where the way is closed. */
export function EmptyState(props: {
  title: string;
  gate?: GateState;
  children?: ReactNode;
  facts?: readonly (readonly [name: string, value: string])[];
  actions?: ReactNode;
}) {
  return (
    <div className="empty">
      <GateIcon state={props.gate ?? 'todo'} className={props.gate === 'no' ? 'arch c-danger' : 'arch'} />
      <h2>{props.title}</h2>
      {props.children !== undefined && <p>{props.children}</p>}
      {props.facts !== undefined && (
        <dl className="kv">
          {props.facts.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
      )}
      {props.actions !== undefined && <div className="acts">{props.actions}</div>}
    </div>
  );
}
