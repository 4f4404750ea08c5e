/** What of a person goes on when a sign-in ends, and the way back in without the authenticator. */
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../fixtures/browser.js';
import {
  ADMIN,
  addSshd,
  addUser,
  openPageAs,
  openShell,
  type Person,
  type Product,
  sessionRow,
  setUp,
  signIn,
  startProduct,
} from '../fixtures/product.js';
import { type Sshd, startSshd } from '../fixtures/sshd.js';
import { until } from '../fixtures/terminal-page.js';

const SIGNED_OUT = 4401;
const passwordOf = (name: string): string => `${name.length}-sturdy-Lantern-77`;
let product: Product;
let sshd: Sshd;
let admin: Person;

beforeAll(async () => {
  [product, sshd] = await Promise.all([startProduct({ args: ['--resume-window', '1s'] }), startSshd()]);
  admin = await setUp(product);
});
afterAll(async () => {
  await product?.stop();
  await sshd?.stop();
});

it('V40: a sign-out ends that sign-in’s terminals, a changed password those of the others, and the shells follow', async () => {
  const target = await addSshd(admin, sshd, 'web-01');
  const first = await addUser(admin, product.url, 'wen');
  const [second, third] = [
    await signIn(product.url, 'wen', passwordOf('wen')),
    await signIn(product.url, 'wen', passwordOf('wen')),
  ];
  const open = async (person: Person) => {
    const page = await openPageAs(product, person);
    return { page, shell: await openShell(page, person, target) };
  };
  const [one, two, three] = [await open(first), await open(second), await open(third)];

  await first.call('POST', 'sign-out');
  expect(await one.page.closed).toBe(SIGNED_OUT);
  await until('the shell to end', async () => {
    const { state } = await sessionRow(admin, one.shell.opened.sessionId);
    return state === 'ended';
  });

  await second.call('POST', 'me/password', { current: passwordOf('wen'), next: 'another sturdy lantern' });
  expect(await three.page.closed).toBe(SIGNED_OUT);
  two.shell.type("echo still''here\r");
  await until('the shell that stays', () => two.shell.text().includes('stillhere'));
  two.page.ws.close();
});

it('an administrator turns off the second step of somebody who lost it, on the page', async () => {
  const person = await addUser(admin, product.url, 'theo');
  const { secret } = await person.call<{ secret: string }>('POST', 'me/totp');
  await person.call('POST', 'me/totp/confirm', { code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() });
  await expect(signIn(product.url, 'theo', passwordOf('theo'))).rejects.toThrow('auth.totp-required');

  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await page.goto(`${product.url}/sign-in`);
    await page.getByLabel('User name').fill(ADMIN.name);
    await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/connect/);
    await page.goto(`${product.url}/inventory/users`);
    await page.getByLabel(`More for ${ADMIN.name}`).click();
    await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'second step' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByLabel('More for theo').click();
    await page.getByRole('menuitem', { name: 'Turn off the second step' }).click();
    await page.getByRole('button', { name: 'Turn off', exact: true }).click();
    await page.getByText('Second step of theo is off').first().waitFor();
  } finally {
    await browser.close();
  }
  await signIn(product.url, 'theo', passwordOf('theo'));
});

it('V40: a page with an open shell goes to the door when its sign-in is ended elsewhere', async () => {
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await page.goto(`${product.url}/sign-in`);
    await page.getByLabel('User name').fill(ADMIN.name);
    await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/connect/);
    await page.getByLabel('Find a host').fill('web-01');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/terminal/);
    await until('the shell to be live', async () => {
      const { items } = await admin.call<{ items: unknown[] }>('GET', 'sessions?state=live');
      return items.length > 0;
    });
    const tab = await page.context().newPage();
    await tab.goto(`${product.url}/connect`);
    await tab.evaluate(async () => {
      const { csrf } = (await (await fetch('/api/v1/me')).json()) as { csrf: string };
      await fetch('/api/v1/sign-out', { method: 'POST', headers: { 'x-sallyport-csrf': csrf } });
    });
    await page.waitForURL(/\/sign-in/, { timeout: 5_000 });
  } finally {
    await browser.close();
  }
});
