import type { ReactNode } from 'react';
import { Icon } from './icon.js';

export function Note(props: {
  tone?: 'warn' | 'danger' | 'info';
  alert?: boolean;
  children: ReactNode;
  action?: ReactNode;
}) {
  const { tone } = props;
  return (
    <div className={tone === undefined ? 'note' : `note ${tone}`} role={props.alert ? 'alert' : undefined}>
      <Icon name={tone === 'warn' || tone === 'danger' ? 'alert' : 'info'} />
      <div>{props.children}</div>
      {props.action !== undefined && <span className="act">{props.action}</span>}
    </div>
  );
}
