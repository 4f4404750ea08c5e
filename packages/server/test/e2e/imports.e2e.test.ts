/** Files come in through the page and go out drawn by the built product's own threads. */
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { expect, test } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { apiToken } from '../fixtures/product.js';

const bastion = standBastion('web-01', { withBrowser: true });
const GOOD =
  '{"version":2,"width":60,"height":10,"title":"demo of 张敏"}\n[0.5,"o","hello \\u001b[32mgreen\\u001b[0m\\r\\n"]\n[0.7,"i","x"]\n[1.5,"o","bye"]\n';
const BAD = '{"version":2,"width":60,"height":10}\n[0.5,"o","hello"\n[1,"o","x"]\n';

test('a person imports files, is told what became of each, and plays one; it comes out as text and as a picture', async () => {
  const context = await bastion.signedIn(bastion.admin, { locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${bastion.product.url}/recordings`);
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Files').setInputFiles([
    { name: 'good.cast', mimeType: 'application/octet-stream', buffer: Buffer.from(GOOD) },
    { name: 'bad.cast', mimeType: 'application/octet-stream', buffer: Buffer.from(BAD) },
  ]);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await dialog.getByText('line 2, column 17').waitFor();
  const status = (await dialog.textContent()) ?? '';
  expect(status).toContain('good.cast: 00:01');
  expect(status).toContain('typed input left out: 1');
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/import-dialog.png` });
  await dialog.getByRole('link', { name: 'Play' }).click();
  await page.getByText('hello').first().waitFor();

  const { items } = await bastion.admin.call<{ items: SessionAnswer[] }>('GET', 'sessions');
  const imported = items.find(({ origin }) => origin !== undefined);
  expect(imported).toMatchObject({ hostName: 'demo of 张敏', origin: { fileName: 'good.cast' }, state: 'ended' });
  expect(items.filter(({ origin }) => origin !== undefined)).toHaveLength(1);

  const token = await apiToken(bastion.admin);
  const exported = async (query: string): Promise<string> => {
    const url = `${bastion.product.url}/api/v1/recordings/${imported?.id}/export?${query}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    return await answer.text();
  };
  expect(await exported('format=text')).toBe('hello green\nbye\n');
  expect(await exported('format=svg')).toContain('>green<');
  expect(await exported('format=asciicast-v3&fromMs=1000')).toContain('"bye"');

  await page.goto(`${bastion.product.url}/recordings`);
  await page.getByText('demo of 张敏').first().waitFor();
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/import-list.png` });
  await context.close();
});
