/** A proxy that is not declared: legal, since another program on this machine may forward, and nearly always an oversight. */
import { isLoopback } from './config.js';
import type { Config } from './settings.js';

export interface ProxyWarning {
  readonly detail: string;
  readonly next: string;
}

export function proxyWarning(config: Pick<Config, 'publicUrl' | 'http' | 'trustedProxies'>): ProxyWarning | undefined {
  const { publicUrl, http, trustedProxies } = config;
  if (publicUrl === undefined || !isLoopback(http.host) || trustedProxies.length > 0) return undefined;
  if (isLoopback(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ''))) return undefined;
  return {
    detail:
      `people come to ${publicUrl} through a proxy that trustedProxies does not name: all of them count as ` +
      `${http.host}, in the audit log and when failed sign-ins are slowed, so one who guesses slows everybody`,
    next: 'Set trustedProxies to the address the proxy connects from, such as 127.0.0.1; see docs/operate/reverse-proxy.md.',
  };
}
