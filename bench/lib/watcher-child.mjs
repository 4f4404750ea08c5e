/**
 * Child: many light watchers, so that the gateway's CPU is what is measured and not theirs. Sockets by hand: what comes is
 * counted, not copied; of ours the frames' heads are read, and credit is given as the console gives it. Over IPC: a list
 * of `{ port, path, address, headers, ticket, stalled }`; answers `open`, and `{ bytes, closed }` to `count`.
 */
import { randomBytes } from 'node:crypto';
import net from 'node:net';

const [OUTPUT, SCREEN, OPEN, CREDIT] = [0x83, 0x91, 0x01, 0x04];
const CREDIT_EVERY_BYTES = 32_768;
const HEADER_BYTES = 3;
const SCREEN_HEAD_BYTES = 16;
const AT_ONCE = 25;
let bytes = 0;
let closed = 0;

/** A masked binary frame; the mask is nought. */
function masked(type, payload) {
  const length = HEADER_BYTES + payload.length;
  const long = length > 125;
  const frame = Buffer.alloc(2 + (long ? 2 : 0) + 4 + length);
  frame[0] = 0x82;
  frame[1] = 0x80 | (long ? 126 : length);
  if (long) frame.writeUInt16BE(length, 2);
  const at = frame.length - length;
  frame[at] = type;
  frame[at + 2] = 1;
  payload.copy(frame, at + HEADER_BYTES);
  return frame;
}
function credit(count) {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(count);
  return masked(CREDIT, payload);
}

/** Reads the heads of frames in what comes, whatever pieces it comes in. */
function frames(onFrame, onPayload) {
  let head = Buffer.alloc(0);
  let left = 0;
  let type = 0;
  return (data) => {
    let at = 0;
    while (at < data.length) {
      if (left > 0) {
        const taken = Math.min(left, data.length - at);
        onPayload(type, taken);
        left -= taken;
        at += taken;
        continue;
      }
      // At most 10 bytes of the WebSocket's head and one of ours: few enough to go one by one.
      head = Buffer.concat([head, data.subarray(at, at + 1)]);
      at += 1;
      const small = head.length > 1 ? head[1] & 0x7f : 0;
      const size = small === 127 ? 10 : small === 126 ? 4 : 2;
      const control = (head[0] & 0x0f) >= 8;
      if (head.length < size + (control || small === 0 ? 0 : HEADER_BYTES) || head.length < 2) continue;
      const length = small === 127 ? Number(head.readBigUInt64BE(2)) : small === 126 ? head.readUInt16BE(2) : small;
      type = control ? -(head[0] & 0x0f) : (head[size] ?? 0);
      left = length - (head.length - size);
      head = Buffer.alloc(0);
      onFrame(type, left);
    }
  };
}

function watch({ port, path, address, headers, ticket, stalled }) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: address, noDelay: true }, () => {
      const lines = Object.entries({
        host: `127.0.0.1:${port}`,
        upgrade: 'websocket',
        connection: 'Upgrade',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        'sec-websocket-version': '13',
        ...headers,
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      closed += 1;
      reject(new Error('closed'));
    });
    const shown = () => {
      if (stalled) socket.pause();
      resolve();
    };
    let owed = 0;
    const read = frames(
      (type, length) => {
        if (type === SCREEN) {
          owed -= SCREEN_HEAD_BYTES;
          shown();
        }
        if (type === -9) socket.write(Buffer.from([0x8a, 0x80 | length, 0, 0, 0, 0, ...Buffer.alloc(length)]));
      },
      (type, length) => {
        if (type === OUTPUT) bytes += length;
        if (ticket === undefined || (type !== OUTPUT && type !== SCREEN)) return;
        owed += length;
        if (owed < CREDIT_EVERY_BYTES) return;
        socket.write(credit(owed));
        owed = 0;
      },
    );
    let up = '';
    socket.on('data', (data) => {
      if (up !== undefined) {
        up += data.toString('latin1');
        const end = up.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!up.startsWith('HTTP/1.1 101')) return reject(new Error(up.slice(0, 80)));
        const rest = Buffer.from(up.slice(end + 4), 'latin1');
        up = undefined;
        if (ticket === undefined) shown();
        else socket.write(masked(OPEN, Buffer.from(JSON.stringify({ ticket }))));
        data = rest;
      }
      if (ticket === undefined) bytes += data.length;
      else read(data);
    });
  });
}

process.on('message', async (message) => {
  if (message === 'count') return process.send({ bytes, closed });
  try {
    for (let at = 0; at < message.length; at += AT_ONCE) await Promise.all(message.slice(at, at + AT_ONCE).map(watch));
    process.send('open');
  } catch (error) {
    process.send({ failed: String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
