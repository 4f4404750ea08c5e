/** Who sent it: the socket's address, or the forwarded one when, and only when, the socket is a trusted proxy's (V18). */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

export interface SourceAddresses {
  of(request: IncomingMessage): string;
  isProxy(address: string): boolean;
}

export function createSourceAddresses(trustedProxies: readonly string[]): SourceAddresses {
  const trusted = new BlockList();
  for (const entry of trustedProxies) {
    const [raw = '', bits] = entry.split('/', 2);
    const address = plainAddress(raw.trim());
    if (isIP(address) === 0) throw new Error(`trustedProxies: “${entry}” is neither an address nor a prefix`);
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string): boolean =>
    isIP(address) !== 0 && trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

  return {
    isProxy: (address) => isTrusted(plainAddress(address)),
    of(request) {
      let address = plainAddress(request.socket.remoteAddress ?? '');
      if (!isTrusted(address)) return address;
      const header = request.headers['x-forwarded-for'];
      const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').reverse();
      // From the nearest hop outwards, as far as each is told by one we trust.
      for (const hop of hops) {
        const told = plainAddress(hop.trim());
        if (isIP(told) === 0) break;
        address = told;
        if (!isTrusted(told)) break;
      }
      return address;
    },
  };
}

/** IPv4 in IPv6 clothes is IPv4. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
