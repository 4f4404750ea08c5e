import type { Client, ClientChannel } from 'ssh2';

/**
 * The four things the library does inside and offers to nobody. Its version is fixed exactly for their sake, and the
 * tests of rekeying, of held-back targets, of input taken back and of lost connections fail if one of them goes.
 */
interface ClientInternals {
  readonly _protocol: {
    rekey(): void;
    channelWindowAdjust(channel: number, bytes: number): void;
  };
}
interface ChannelInternals {
  /** Input that waits for window, and the call that says it is written. */
  _chunk: Buffer | undefined;
  _chunkcb: (() => void) | undefined;
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

/** Takes the input back that waits for the host's window; answers how many bytes. */
export function takeChunkBack(channel: ClientChannel): number {
  const inner = insideChannel(channel);
  const { _chunk: chunk, _chunkcb: written } = inner;
  if (chunk === undefined) return 0;
  inner._chunk = undefined;
  inner._chunkcb = undefined;
  written?.();
  return chunk.length;
}

/** The host has said that nothing more comes. */
export const isClosedByHost = (channel: ClientChannel): boolean => insideChannel(channel).incoming.state !== 'open';
