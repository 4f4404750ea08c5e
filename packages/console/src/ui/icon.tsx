import { ICON_PATHS, type IconName } from './icon-paths.js';

/** Decoration beside text; where it stands alone the control around it carries the name. */
export function Icon({ name, size }: { name: IconName; size?: 's' | 'l' }) {
  return (
    <svg className={size === undefined ? 'i' : `i i-${size}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICON_PATHS[name]} />
    </svg>
  );
}

export function Mark({ className }: { className?: string }) {
  return (
    <svg className={className} viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M3 30V15C3 7.800 8.800 2 16 2s13 5.800 13 13v15h-6V15.500C23 11.400 19.900 8 16 8s-7 3.400-7 7.500V30z"
        fill="currentColor"
      />
      <path
        d="M12 16l3.700 3.700-3.700 3.700M17 24.600h3.400"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
