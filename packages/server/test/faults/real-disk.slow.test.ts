/**
 * The product on disks that the system itself makes fail: full, broken under it, cut from power. Mounting needs root;
 * elsewhere these tests say so and are skipped. Device mapper is not needed: a disk breaks because it is an image on a
 * full file system, and a power cut is a copy of the image, which holds what was written back and nothing else.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEntry } from '@sallyport/core/model/audit.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ADMIN,
  addSshd,
  openPageAs,
  openShell,
  type Person,
  type Product,
  sessionRow,
  setUp,
  signIn,
  startProduct,
  ticketFor,
} from '../fixtures/product.js';
import { type Sshd, startSshd } from '../fixtures/sshd.js';
import { until } from '../fixtures/terminal-page.js';

const CUTS = process.env.LONG_TESTS === '1' ? 30 : 4;

const mayMount =
  process.getuid?.() === 0 && existsSync('/dev/loop-control') && spawnSync('mkfs.ext4', ['-V']).status === 0;
if (!mayMount) console.warn('F2, F3, F4 on real disks: skipped, mounting needs root, loop devices and mkfs.ext4');

let root: string;
let mounts: string[];
let product: Product | undefined;
let sshd: Sshd;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-disk-'));
  mounts = [];
  sshd = await startSshd();
});
afterEach(async () => {
  await product?.kill('SIGKILL');
  product = undefined;
  for (const mount of mounts.reverse()) execFileSync('umount', ['-l', mount]);
  await sshd.stop();
  rmSync(root, { recursive: true, force: true });
});

function mount(name: string, ...options: string[]): string {
  const at = join(root, name);
  mkdirSync(at, { recursive: true });
  execFileSync('mount', [...options, at]);
  mounts.push(at);
  return at;
}
/** An ext4 file system of `size` in an image on the disk at `place`; the image grows as it is written to. */
function makeImage(place: string, size: string): string {
  const image = join(place, 'image');
  execFileSync('truncate', ['-s', size, image]);
  execFileSync('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=1', image]);
  return image;
}
const castOf = async (person: Person, id: string): Promise<string> => {
  const text = await (await person.request('GET', `recordings/${id}/export?format=asciicast-v2`)).text();
  const events = text.trim().split('\n').slice(1);
  return events
    .map((line) => JSON.parse(line) as [number, string, string])
    .filter(([, kind]) => kind === 'o')
    .map(([, , data]) => data)
    .join('');
};
const actionsOf = async (person: Person, id: string): Promise<string[]> => {
  const { items } = await person.call<{ items: AuditEntry[] }>('GET', `audit?target=session:${id}&limit=50`);
  return items.map(({ action }) => action);
};
const STAMPS = 'while :; do date +T%s%3N; sleep 0.02; done\r';

/** Minutes: images, mounts and power cuts. */
const isLong = process.env.LONG_TESTS === '1';

describe.skipIf(!mayMount)('the product on a failing disk', () => {
  it('F3, V41: a full disk ends the session within 2 s, all it showed is recorded, audit is kept, and it recovers by itself', async () => {
    const disk = mount('full', '-t', 'tmpfs', '-o', 'size=48m', 'tmpfs');
    product = await startProduct({ data: join(disk, 'data') });
    const admin = await setUp(product);
    const target = await addSshd(admin, sshd, 'full');
    const page = await openPageAs(product, admin);
    const terminal = await openShell(page, admin, target);
    const id = terminal.opened.sessionId;
    terminal.type(STAMPS);
    await until('stamps', () => /T\d{13}/.test(terminal.text()));
    expect(spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=4096']).status).toBe(1); // until it is full
    const full = Date.now();
    await until('the session to end', () => terminal.ended);
    expect(terminal.ended).toMatchObject({ reason: 'recording-failed' });
    expect(Date.now() - full).toBeLessThan(2_000);
    await until('the row to end', async () => (await sessionRow(admin, id)).state === 'ended');
    const seen = terminal.text();
    const recorded = await castOf(admin, id);
    expect(recorded.slice(0, seen.length)).toBe(seen);
    await until('the audit of it', async () => {
      const actions = await actionsOf(admin, id);
      return actions.includes('recording.failed') && actions.includes('session.end');
    });
    rmSync(join(disk, 'filler'));
    const again = await openShell(page, admin, target);
    again.type('exit\r');
    await until('its end', () => again.ended);
    await until(
      'its recording',
      async () => (await sessionRow(admin, again.opened.sessionId)).recording?.state === 'complete',
    );
    page.drop();
  });

  it.skipIf(!isLong)(
    'F4, V41: a disk that breaks under the recordings ends sessions and refuses new ones; the product lives and says so',
    async () => {
      const small = mount('small', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs');
      const image = makeImage(small, '512M');
      const data = join(root, 'data');
      mkdirSync(data, { mode: 0o700 });
      mount('data/recordings', '-o', 'loop', image);
      product = await startProduct({ data });
      const admin = await setUp(product);
      const target = await addSshd(admin, sshd, 'broken');
      const page = await openPageAs(product, admin);
      const terminal = await openShell(page, admin, target);
      const id = terminal.opened.sessionId;
      terminal.type('head -c 40000000 /dev/urandom | base64\r');
      const ended = await until('the session to end', () => terminal.ended, 60_000);
      expect(ended).toMatchObject({
        reason: 'recording-failed',
        params: { detail: expect.stringMatching(/^(EIO|EROFS|ENOSPC)/) },
      });
      await until('the row to end', async () => (await sessionRow(admin, id)).state === 'ended');
      await until('the audit of it', async () => (await actionsOf(admin, id)).includes('recording.failed'));
      const refused = page.open(await ticketFor(admin, target));
      expect(await until('the refusal', () => refused.ended)).toMatchObject({
        reason: 'failed',
        code: 'recording.failed',
      });
      expect((await fetch(`${product.url}/healthz`)).status).toBe(200);
      page.drop();
    },
  );

  it.skipIf(!isLong)(
    `F1, F2, X21: the power of the whole data directory cut ${CUTS} times: at most 1 s is lost, every row is true`,
    async () => {
      let image = makeImage(root, '256M');
      const losses: number[] = [];
      let data = mount('disk-0', '-o', 'loop', image);
      rmSync(join(data, 'lost+found'), { recursive: true });
      product = await startProduct({ data });
      let admin = await setUp(product);
      const target = await addSshd(admin, sshd, 'cut');
      for (let cut = 1; cut <= CUTS; cut += 1) {
        const page = await openPageAs(product, admin);
        const terminal = await openShell(page, admin, target);
        const id = terminal.opened.sessionId;
        terminal.type(STAMPS);
        await until('stamps', () => (terminal.text().match(/T\d{13}/g)?.length ?? 0) > 40 + cut * 13);
        // The process and its writes stop; what the kernel had not yet sent to the disk is not in the copy.
        product.process.kill('SIGSTOP');
        const cutAt = Date.now();
        const left = join(root, `image-${cut}`);
        copyFileSync(image, left);
        await product.kill('SIGKILL');
        page.drop();

        image = left;
        data = mount(`disk-${cut}`, '-o', 'loop', image);
        product = await startProduct({ data });
        admin = await signIn(product.url, ADMIN.name, ADMIN.password);
        expect(await sessionRow(admin, id)).toMatchObject({ state: 'ended', endReason: { kind: 'interrupted' } });
        await until('the seal', async () => (await sessionRow(admin, id)).recording?.state === 'truncated');
        const last = (await castOf(admin, id))
          .match(/T(\d{13})/g)!
          .at(-1)!
          .slice(1);
        losses.push(cutAt - Number(last));
        const actions = await actionsOf(admin, id);
        expect(actions).toEqual(expect.arrayContaining(['session.open', 'session.live', 'session.interrupted']));
        const verdict = await admin.call<{ ok: boolean }>('GET', 'audit/verify');
        expect(verdict).toMatchObject({ ok: true });
      }
      console.info(`lost by power cuts, ms: ${losses.sort((a, b) => a - b).join(' ')}`);
      expect(Math.max(...losses)).toBeLessThanOrEqual(1_000);
    },
    400_000,
  );
});
