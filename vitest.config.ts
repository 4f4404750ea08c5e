import { configDefaults, defineConfig } from 'vitest/config';

const at = (path: string) => new URL(path, import.meta.url).pathname;

const TESTS = ['packages/*/src/**/*.test.{ts,tsx}', 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts'];
/** Minutes, not seconds: packages installed afresh, other versions of Node. */
const SLOW = '**/*.slow.test.ts';
/** A whole gateway with a real sshd and a real browser. */
const E2E = '**/*.e2e.test.ts';
/** What these look at is how long things take: nothing runs beside them. */
const ALONE = ['sign-in-flood', 'every-call-fails', 'real-disk'].map((name) => `**/${name}.slow.test.ts`);
/** Most of a test's time is waiting; two cores are the least that a machine has. */
const TOGETHER = { maxWorkers: 2 };

/** Wait for a real sshd, for limits to pass, for processes to be killed and disks to sync; not in the inner loop. */
const WAITING = [
  ...['egress', 'storage', 'vault'].map((edge) => `packages/server/src/edges/${edge}/**/*.test.ts`),
  'packages/server/test/**/*.test.ts',
];

const shared = {
  resolve: {
    // Tests run on the sources; the packages' `exports` point at the build.
    alias: [
      { find: /^@sallyport\/core\/(.*)\.js$/, replacement: `${at('./packages/core/src')}/$1.ts` },
      { find: /^@sallyport\/server\/(.*)\.js$/, replacement: `${at('./packages/server/src')}/$1.ts` },
    ],
  },
};

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        ...shared,
        extends: true,
        test: {
          name: 'unit',
          ...TOGETHER,
          include: TESTS,
          exclude: [...configDefaults.exclude, SLOW, E2E, ...WAITING],
        },
      },
      {
        ...shared,
        extends: true,
        test: { name: 'waiting', ...TOGETHER, include: WAITING, exclude: [...configDefaults.exclude, SLOW, E2E] },
      },
      {
        ...shared,
        extends: true,
        test: {
          name: 'e2e',
          include: [E2E],
          testTimeout: 120_000,
          ...TOGETHER,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...shared,
        extends: true,
        test: {
          name: 'slow',
          include: [SLOW],
          exclude: [...configDefaults.exclude, ...ALONE],
          testTimeout: 600_000,
          ...TOGETHER,
          sequence: { groupOrder: 2 },
        },
      },
      {
        ...shared,
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          testTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
