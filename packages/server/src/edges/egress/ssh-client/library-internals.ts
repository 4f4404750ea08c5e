import type { Client, ClientChannel } from 'ssh2';

/**
 * The three things the library does inside and offers to nobody. Its version is fixed exactly for their sake, and the
 * tests of rekeying, of held-back targets and of lost connections fail if one of them goes.
 */
interface ClientInternals {
  readonly _protocol: {
    rekey(): void;
    channelWindowAdjust(channel: number, bytes: number): void;
  };
}
interface ChannelInternals {
  readonly incoming: { window: number; state: string };
  readonly outgoing: { readonly id: number };
}
const inside = (client: Client): ClientInternals => client as unknown as ClientInternals;
const insideChannel = (channel: ClientChannel): ChannelInternals => channel as unknown as ChannelInternals;

/** What the library grants a host when it opens a channel. */
export const INITIAL_WINDOW_BYTES = 2 * 1024 * 1024;

/** New keys; offered for servers only. */
export const rekey = (client: Client): void => inside(client)._protocol.rekey();

/** From now on the host gets window from `grantWindow` only. */
export function takeOverWindow(channel: ClientChannel): void {
  insideChannel(channel).incoming.window = Number.POSITIVE_INFINITY;
}

export function grantWindow(client: Client, channel: ClientChannel, bytes: number): void {
  inside(client)._protocol.channelWindowAdjust(insideChannel(channel).outgoing.id, bytes);
}

/** The host has said that nothing more comes. */
export const isClosedByHost = (channel: ClientChannel): boolean => insideChannel(channel).incoming.state !== 'open';
