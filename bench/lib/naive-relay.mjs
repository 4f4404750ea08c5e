/**
 * Child: the least a web terminal can be. A WebSocket in front, an ssh2 client behind, output handed over as it comes.
 * No sign-in, no checks, no resume; `raw` appends the bytes with a small header to a file. The bar for the product's CPU.
 * A socket at /watch is sent what every other shell prints, frame by frame, and is asked nothing.
 * Arguments: target port, login, private key file, none|raw, directory for recordings. Prints its port.
 */
import { createWriteStream, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { WebSocketServer } from 'ws';

const [port, username, keyFile, mode, directory] = process.argv.slice(2);
const privateKey = readFileSync(keyFile);
const HIGH_BYTES = 1_048_576;
const LOW_BYTES = 262_144;
let sessions = 0;
const watchers = new Set();

function recorder() {
  if (mode !== 'raw') return undefined;
  const file = createWriteStream(join(directory, `naive-${process.pid}-${++sessions}.raw`));
  let parts = [];
  const timer = setInterval(() => {
    if (parts.length === 0) return;
    file.write(Buffer.concat(parts));
    parts = [];
  }, 100);
  return {
    output(bytes) {
      const header = Buffer.allocUnsafe(8);
      header.writeUInt32LE(Date.now() % 0xffffffff, 0);
      header.writeUInt32LE(bytes.length, 4);
      parts.push(header, bytes);
    },
    end() {
      clearInterval(timer);
      file.end(Buffer.concat(parts));
    },
  };
}

const server = http.createServer((_, response) => response.end());
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket, { url }) => {
  if (url === '/watch') {
    watchers.add(socket);
    socket.on('close', () => watchers.delete(socket));
    return;
  }
  const client = new ssh2.Client();
  socket.on('close', () => client.end());
  client.on('error', () => socket.close());
  // Without it each key waits 40 ms: pure JavaScript ssh2 writes a packet in three parts, and Nagle holds the last ones.
  client.on('connect', () => client.setNoDelay(true));
  client.on('ready', () =>
    client.shell({ term: 'xterm-256color', cols: 80, rows: 24 }, (error, channel) => {
      if (error) return socket.close();
      const record = recorder();
      socket.on('message', (bytes) => channel.write(bytes));
      channel.on('data', (bytes) => {
        record?.output(bytes);
        socket.send(bytes);
        for (const watcher of watchers) watcher.send(bytes);
        if (socket.bufferedAmount < HIGH_BYTES || channel.isPaused()) return;
        channel.pause();
        const timer = setInterval(() => {
          if (socket.bufferedAmount > LOW_BYTES) return;
          clearInterval(timer);
          channel.resume();
        }, 2);
      });
      channel.on('close', () => {
        record?.end();
        socket.close();
      });
    }),
  );
  client.connect({ host: '127.0.0.1', port: Number(port), username, privateKey });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
