import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createProgram } from '../program.js';

test('reset-totp finds the user by name, turns TOTP off once, and helps with a misspelt name', async () => {
  const asked: string[] = [];
  const server = createServer(({ method, url }, answer) => {
    asked.push(`${method} ${url}`);
    if (method === 'DELETE') return void answer.writeHead(204).end();
    const items = [
      { id: 'u1', name: 'Olga', totpEnabled: true },
      { id: 'u2', name: 'bob', totpEnabled: false },
    ];
    answer.setHeader('content-type', 'application/json').end(JSON.stringify({ items }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const said: string[] = [];
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  vi.stubEnv('SALLYPORT_TOKEN', 'sp_test');
  onTestFinished(() => {
    stderr.mockRestore();
    vi.unstubAllEnvs();
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const reset = (name: string) =>
    createProgram().parseAsync(['node', 'sallyport', 'user', 'reset-totp', name, '--server', url]);

  await reset('olga');
  expect(asked).toEqual(['GET /api/v1/users', 'DELETE /api/v1/users/u1/totp']);
  await reset('bob');
  expect(asked.slice(2)).toEqual(['GET /api/v1/users']);
  expect(said).toEqual(['TOTP of Olga is off.\n', 'bob has no TOTP.\n']);
  await expect(reset('olgo')).rejects.toThrow('Did you mean Olga?');
});
