import type { ComponentProps } from 'react';
import { Icon } from './icon.js';
import type { IconName } from './icon-paths.js';

export interface ButtonLook {
  readonly kind?: 'default' | 'primary' | 'quiet' | 'accent' | 'danger' | 'danger-quiet' | 'danger-primary';
  readonly size?: 's' | 'l';
  readonly wide?: boolean;
}

const KIND = {
  default: '',
  primary: ' p',
  quiet: ' g',
  accent: ' g a',
  danger: ' d',
  'danger-quiet': ' g d',
  'danger-primary': ' dd',
} as const;

/** The same look for a button and for a link that stands as one. */
export const buttonClass = ({ kind = 'default', size, wide = false }: ButtonLook = {}): string =>
  `btn${KIND[kind]}${size === undefined ? '' : ` ${size}`}${wide ? ' w' : ''}`;

type ButtonProps = Omit<ComponentProps<'button'>, 'className'> & ButtonLook & { icon?: IconName; busy?: boolean };

export function Button({
  kind,
  size,
  wide,
  icon,
  busy = false,
  children,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      // A busy button keeps its focus, so it is not disabled.
      onClick={busy ? (event) => event.preventDefault() : onClick}
      aria-disabled={busy || undefined}
      type={type}
      className={buttonClass({ ...(kind && { kind }), ...(size && { size }), ...(wide && { wide }) })}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'className' | 'aria-label'> & {
  icon: IconName;
  label: string;
  small?: boolean;
  on?: boolean;
};

export function IconButton({ icon, label, small = false, on = false, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`icon${small ? ' s' : ''}${on ? ' on' : ''}`}
      aria-label={label}
      title={label}
    >
      <Icon name={icon} {...(small && { size: 's' as const })} />
    </button>
  );
}
