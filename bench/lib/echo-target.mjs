/** Child: an SSH server on an ephemeral loopback port that accepts everybody and echoes what it gets. Prints its port. */
import { generateKeyPairSync } from 'node:crypto';
import ssh2 from 'ssh2';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const server = new ssh2.Server({ hostKeys: [privateKey.export({ type: 'pkcs1', format: 'pem' })] }, (client) => {
  client.on('error', () => {});
  client.on('authentication', (context) => context.accept());
  client.on('ready', () =>
    client.on('session', (accept) => {
      const session = accept();
      session.on('pty', (ok) => ok?.());
      session.on('window-change', (ok) => ok?.());
      session.on('env', (ok) => ok?.());
      session.on('shell', (ok) => {
        const channel = ok();
        channel.write('echo target\r\n');
        channel.on('data', (bytes) => channel.write(bytes));
      });
    }),
  );
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${server.address().port}\n`));
