/** Headers every answer carries, and the content policy of the console. */

/**
 * Nothing from elsewhere, no inline script. Styles: the terminal emulator writes style elements and style attributes at
 * run time (cell sizes, true colour) and offers no nonce for them, so styles may be inline; with images, fonts and
 * connections bound to this origin an injected style has nowhere to send anything.
 */
export const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What is not the console is never rendered as a page. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const HSTS_SECONDS = 365 * 24 * 3600;

export function securityHeaders(tls: boolean): Readonly<Record<string, string>> {
  return {
    'content-security-policy': DATA_POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    'cache-control': 'no-store',
    ...(tls ? { 'strict-transport-security': `max-age=${HSTS_SECONDS}` } : {}),
  };
}
