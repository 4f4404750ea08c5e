import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { TargetAddress } from '../../../gateway/ports/target-connector.js';
import { networkProblem } from './failure.js';

/** Address as people write it with its port. */
export const addressText = ({ address, port }: TargetAddress): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/**
 * No SSH host lives there: metadata services, "this host", multicast. Checked on the resolved address, so that a name,
 * a decimal form or a mapped address leads nowhere either (V15).
 */
export function addressesNeverDialled(): BlockList {
  const list = new BlockList();
  list.addSubnet('0.0.0.0', 8, 'ipv4');
  list.addSubnet('169.254.0.0', 16, 'ipv4');
  list.addSubnet('224.0.0.0', 3, 'ipv4');
  list.addAddress('::', 'ipv6');
  list.addSubnet('ff00::', 8, 'ipv6');
  list.addAddress('fd00:ec2::254', 'ipv6');
  return list;
}

const blocks = (list: BlockList, address: string): boolean =>
  list.check(address.replace(/%.*$/, ''), isIP(address) === 6 ? 'ipv6' : 'ipv4');

class DeniedAddress extends Error {
  readonly code = 'EDENIED';
}

/** Node tries IPv6 and IPv4 side by side; every address it may try passes here first. */
const guardedLookup =
  (denied: BlockList): LookupFunction =>
  (hostname, options: LookupOptions, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      const allowed = found.filter(({ address }) => !blocks(denied, address));
      const [first] = allowed;
      if (!first) return callback(new DeniedAddress(), '', 0);
      if (options.all) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  };

/** A connected socket, or why not. The caller bounds the time by destroying what `onSocket` handed over. */
export function dial(
  target: TargetAddress,
  denied: BlockList,
  onSocket: (socket: Socket) => void,
): Promise<Result<Socket>> {
  const address = addressText(target);
  if (isIP(target.address) && blocks(denied, target.address)) {
    return Promise.resolve(fail('target.unreachable', { address, detail: 'this address is never dialled' }));
  }
  return new Promise((resolve) => {
    // Keystrokes are small packets: waiting for more of them would add 40 ms.
    const socket = connect({
      host: target.address,
      port: target.port,
      noDelay: true,
      // Node's 250 ms gives up on a far address as if it were dead.
      autoSelectFamilyAttemptTimeout: 1_500,
      lookup: guardedLookup(denied),
    });
    onSocket(socket);
    const onError = (error: Error): void => resolve({ ok: false, problem: networkProblem(error, address) });
    socket.once('error', onError);
    socket.once('close', () => resolve(fail('target.lost', { address, detail: 'closed while connecting' })));
    socket.once('connect', () => {
      socket.pause();
      // An error later must find a listener, whoever owns the socket then.
      socket.off('error', onError).on('error', () => {});
      resolve(ok(socket));
    });
  });
}
