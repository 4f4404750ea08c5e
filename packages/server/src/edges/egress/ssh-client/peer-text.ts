/** What a host says about itself goes into sentences and rows: printable ASCII only, and short. */
const PEER_TEXT_MAX = 200;

export function peerText(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return plain.length > PEER_TEXT_MAX ? `${plain.slice(0, PEER_TEXT_MAX)}...` : plain;
}
