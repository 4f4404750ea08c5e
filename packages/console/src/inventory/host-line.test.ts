import { expect, test } from 'vitest';
import { readHostLine, readLabels, writeLabels } from './host-line.js';

const none = { labels: {} };

test('reads user@address:port', () => {
  expect(readHostLine('root@10.0.0.4:2222')).toEqual({
    name: '10.0.0.4',
    address: '10.0.0.4',
    port: 2222,
    login: 'root',
    ...none,
  });
  expect(readHostLine(' web-01.example.com ')).toEqual({
    name: 'web-01.example.com',
    address: 'web-01.example.com',
    port: 22,
    ...none,
  });
  expect(readHostLine('ssh://ops@web-01:22/')).toMatchObject({ address: 'web-01', login: 'ops' });
});

test('reads IPv6 with and without brackets', () => {
  expect(readHostLine('root@[fe80::1]:2022')).toMatchObject({ address: 'fe80::1', port: 2022, login: 'root' });
  expect(readHostLine('2001:db8::7')).toMatchObject({ name: '2001-db8--7', address: '2001:db8::7', port: 22 });
});

test('reads a pasted ssh command with its comment', () => {
  expect(readHostLine('ssh -p 22 root@10.0.6.12   # job-12, env=staging team=batch')).toEqual({
    name: 'job-12',
    address: '10.0.6.12',
    port: 22,
    login: 'root',
    labels: { env: 'staging', team: 'batch' },
  });
  expect(readHostLine('ssh -A -i ~/.ssh/id_ed25519 -l deploy -p2222 web-02 uptime')).toMatchObject({
    address: 'web-02',
    port: 2222,
    login: 'deploy',
  });
  expect(readHostLine('ssh -o Port=2200 -o User=app db')).toMatchObject({ address: 'db', port: 2200, login: 'app' });
});

test('reads the first block of an ssh_config', () => {
  const block = 'Host db-02\n  HostName 10.0.0.9\n  User dba\n  Port = 22022 # odd\nHost other\n  HostName 1.2.3.4';
  expect(readHostLine(block)).toEqual({ name: 'db-02', address: '10.0.0.9', port: 22022, login: 'dba', ...none });
});

test('gives nothing for what is no host', () => {
  for (const text of ['', '   ', 'ssh', 'ssh -p', 'root@host:0', 'root@host:70000', 'a b$c', 'root@ho/st']) {
    const read = readHostLine(text);
    expect(read === undefined || read.address === 'a', text).toBe(true);
  }
});

test('labels are written and read as key=value', () => {
  expect(readLabels('env=prod, team=order')).toEqual({ env: 'prod', team: 'order' });
  expect(readLabels('prod')).toBeUndefined();
  expect(readLabels(writeLabels({ env: 'prod', zone: 'hz-1' }))).toEqual({ env: 'prod', zone: 'hz-1' });
});
