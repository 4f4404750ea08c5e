/** Every page opened by its address in every role: it serves the role, or says whom it serves. Never dead buttons. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { addUser, type Person } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const ROLES = ['admin', 'operator', 'auditor'] as const;
type Role = (typeof ROLES)[number];

const bastion = standBastion('web-01', { withBrowser: true });
/** A host whose key nobody trusted yet and that has no account. */
let begun: string;
let recordingId: string;
const people = {} as Record<Role, Person>;

beforeAll(async () => {
  people.admin = bastion.admin;
  const made = await people.admin.call<{ id: string }>('POST', 'hosts', {
    name: 'begun',
    address: '127.0.0.1',
    port: bastion.sshd.port,
  });
  begun = made.id;
  await people.admin.call('POST', `hosts/${begun}/test`, {});
  people.operator = await addUser(people.admin, bastion.product.url, 'olga', 'operator');
  people.auditor = await addUser(people.admin, bastion.product.url, 'audra', 'auditor');
  const socket = await bastion.openPage();
  const terminal = await bastion.openShell(socket);
  terminal.type('exit\r');
  await until('the session to end', () => terminal.ended);
  recordingId = terminal.opened.sessionId;
  socket.drop();
});

interface Seen {
  readonly page: Page;
  /** What the server refused this page for lack of a right. */
  readonly refused: string[];
}

async function open(role: Role, path: string, locale = 'en-GB'): Promise<Seen> {
  const context = await bastion.signedIn(people[role], { locale, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const refused: string[] = [];
  page.on('response', (answer) => {
    if (answer.status() === 403) refused.push(`${answer.request().method()} ${new URL(answer.url()).pathname}`);
  });
  // A live terminal asks before it is left.
  page.on('dialog', (dialog) => void dialog.accept());
  await go(page, path);
  return { page, refused };
}

async function go(page: Page, path: string): Promise<void> {
  await page.goto(bastion.product.url + path);
  await page.locator('main h2, main table, main form, .xterm-rows').first().waitFor();
}

/** Buttons and links that would do something the role may not. */
const doers = (page: Page): Promise<string[]> =>
  page
    .locator('main')
    .getByRole('button', { name: /^(add|delete|trust|reject|test|edit|connect|more for|not this)/i })
    .or(page.locator('main').getByRole('link', { name: /^(add|connect to)/i }))
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent ?? ''));

const paths = () =>
  [
    ['/connect', ['admin', 'operator']],
    [`/terminal?open=${bastion.target.host.id}.${bastion.target.accountId}`, ['admin', 'operator']],
    ['/recordings', ['admin', 'operator', 'auditor']],
    ['/audit', ['admin', 'auditor']],
    ['/inventory/hosts', ['admin', 'operator', 'auditor']],
    ['/inventory/hosts/new', ['admin']],
    [`/inventory/hosts/${bastion.target.host.id}`, ['admin', 'operator', 'auditor']],
    [`/inventory/hosts/${begun}`, ['admin', 'operator', 'auditor']],
    ['/inventory/users', ['admin', 'auditor']],
    ['/settings', ['admin']],
    ['/me', ['admin', 'operator', 'auditor']],
  ] as const satisfies readonly (readonly [string, readonly Role[]])[];

const WORD: Readonly<Record<Role, string>> = { admin: 'Administrator', operator: 'Operator', auditor: 'Auditor' };

describe('each role on each page', () => {
  for (const role of ROLES) {
    it(`${role}: what it may not use names who may and who decides, and asks the server for nothing`, async () => {
      const { page, refused } = await open(role, '/me');
      for (const [path, allowed] of paths()) {
        await go(page, path);
        const barred = page.getByRole('heading', { name: 'This page is not for your role', level: 2 });
        if ((allowed as readonly Role[]).includes(role)) {
          expect(await barred.count(), `${role} at ${path}`).toBe(0);
        } else {
          await barred.waitFor();
          const text = await page.locator('main').textContent();
          for (const one of allowed) expect(text, path).toContain(WORD[one]);
          expect(text, path).toContain(`${WORD[role]}:`);
          expect(text, path).toContain('Any administrator, in Inventory, Users');
          expect(await page.locator('main form, main button').count(), path).toBe(0);
          await page.locator('main').getByRole('link').click();
          await barred.waitFor({ state: 'detached' });
        }
        expect(refused, `${role} at ${path}`).toEqual([]);
      }
      await page.context().close();
    });
  }

  it('a reader of the inventory is offered nothing to press, and is told who decides about a waiting key', async () => {
    const auditor = await open('auditor', '/me');
    for (const path of [
      '/inventory/hosts',
      `/inventory/hosts/${begun}`,
      `/inventory/hosts/${bastion.target.host.id}`,
    ]) {
      await go(auditor.page, path);
      // A hold keeps what recordings there are: an auditor may put one.
      const held = (await doers(auditor.page)).filter((name) => !/^more for/i.test(name));
      expect(held, path).toEqual([]);
    }
    await auditor.page.context().close();
    const { page } = await open('operator', `/inventory/hosts/${begun}`);
    await page.getByText('A key waits to be compared and trusted by an administrator').waitFor();
    await page.getByText('An administrator adds one here').waitFor();
    expect(await doers(page)).toEqual([]);
    await go(page, `/inventory/hosts/${bastion.target.host.id}`);
    expect(await doers(page)).toEqual([`Connect to web-01 as ${bastion.sshd.login}`]);
    await page.context().close();
  });

  it('somebody else’s recording is refused in words, with no button that cannot help', async () => {
    const { page } = await open('operator', `/recordings/${recordingId}`);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await page.context().close();
  });

  it('V47: the audit log in Chinese has no English action and no bare field', async () => {
    const { page } = await open('admin', '/audit', 'zh-CN');
    await page.getByRole('row').nth(5).waitFor();
    const actions = await page.locator('tbody tr td:nth-child(3)').allInnerTexts();
    expect(actions.length).toBeGreaterThan(10);
    for (const action of actions) expect(action).not.toMatch(/[a-z]/i);
    const details = await page.locator('tbody .said .t3').allInnerTexts();
    expect(details.length).toBeGreaterThan(10);
    for (const name of details) expect(name).not.toMatch(/[a-z]/i);
    await page.getByRole('cell', { name: '主机 web-01' }).first().waitFor();
    await page.context().close();
  });
});
