/** What of a person goes on when a sign-in ends, and the way back in without the authenticator. */
import { Secret, TOTP } from 'otpauth';
import { expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { ADMIN, addUser, type Person, sessionRow, signIn } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const SIGNED_OUT = 4401;
const passwordOf = (name: string): string => `${name.length}-sturdy-Lantern-77`;

const bastion = standBastion('web-01', { args: ['--resume-window', '1s'], withBrowser: true });

it('V40: a sign-out ends that sign-in’s terminals, a changed password those of the others, and the shells follow', async () => {
  const first = await addUser(bastion.admin, bastion.product.url, 'wen');
  const [second, third] = [
    await signIn(bastion.product.url, 'wen', passwordOf('wen')),
    await signIn(bastion.product.url, 'wen', passwordOf('wen')),
  ];
  const open = async (person: Person) => {
    const page = await bastion.openPage(person);
    return { page, shell: await bastion.openShell(page, undefined, person) };
  };
  const [one, two, three] = [await open(first), await open(second), await open(third)];

  await first.call('POST', 'sign-out');
  expect(await one.page.closed).toBe(SIGNED_OUT);
  await until('the shell to end', async () => {
    const { state } = await sessionRow(bastion.admin, one.shell.opened.sessionId);
    return state === 'ended';
  });

  await second.call('POST', 'me/password', { current: passwordOf('wen'), next: 'another sturdy lantern' });
  expect(await three.page.closed).toBe(SIGNED_OUT);
  two.shell.type("echo still''here\r");
  await until('the shell that stays', () => two.shell.text().includes('stillhere'));
  two.page.ws.close();
});

it('an administrator turns off the second step of somebody who lost it, on the page', async () => {
  const person = await addUser(bastion.admin, bastion.product.url, 'theo');
  const { secret } = await person.call<{ secret: string }>('POST', 'me/totp');
  await person.call('POST', 'me/totp/confirm', { code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() });
  await expect(signIn(bastion.product.url, 'theo', passwordOf('theo'))).rejects.toThrow('auth.totp-required');

  const page = await (await bastion.browser.newContext({ locale: 'en-GB' })).newPage();
  await page.goto(`${bastion.product.url}/sign-in`);
  await page.getByLabel('User name').fill(ADMIN.name);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/connect/);
  await page.goto(`${bastion.product.url}/inventory/users`);
  await page.getByLabel(`More for ${ADMIN.name}`).click();
  await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'second step' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.getByLabel('More for theo').click();
  await page.getByRole('menuitem', { name: 'Turn off the second step' }).click();
  await page.getByRole('button', { name: 'Turn off', exact: true }).click();
  await page.getByText('Second step of theo is off').first().waitFor();
  await signIn(bastion.product.url, 'theo', passwordOf('theo'));
});

it('V40: a page with an open shell goes to the door when its sign-in is ended elsewhere', async () => {
  const page = await (await bastion.browser.newContext({ locale: 'en-GB' })).newPage();
  await page.goto(`${bastion.product.url}/sign-in`);
  await page.getByLabel('User name').fill(ADMIN.name);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/connect/);
  await page.getByLabel('Find a host').fill('web-01');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/terminal/);
  await until('the shell to be live', async () => {
    const { items } = await bastion.admin.call<{ items: unknown[] }>('GET', 'sessions?state=live');
    return items.length > 0;
  });
  const tab = await page.context().newPage();
  await tab.goto(`${bastion.product.url}/connect`);
  await tab.evaluate(async () => {
    const { csrf } = (await (await fetch('/api/v1/me')).json()) as { csrf: string };
    await fetch('/api/v1/sign-out', { method: 'POST', headers: { 'x-sallyport-csrf': csrf } });
  });
  await page.waitForURL(/\/sign-in/, { timeout: 5_000 });
});
