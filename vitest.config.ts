import { defineConfig } from 'vitest/config';

const at = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    // Tests run on the sources; the packages' `exports` point at the build.
    alias: [
      { find: /^@sallyport\/core\/(.*)\.js$/, replacement: `${at('./packages/core/src')}/$1.ts` },
      { find: /^@sallyport\/server\/(.*)\.js$/, replacement: `${at('./packages/server/src')}/$1.ts` },
    ],
  },
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
