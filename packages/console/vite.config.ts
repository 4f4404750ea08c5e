import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The frame of every page; pages, the catalogues and the emulator stay chunks of their own. */
const isShell = (id: string): boolean =>
  /\/node_modules\/(react|react-dom|scheduler|@tanstack|intl-messageformat|@formatjs|use-sync-external-store|seroval)/.test(
    id,
  ) ||
  /\/console\/src\/(ui|api|i18n|frame)\/(?!palette|key-list|en\/|zh-CN\/)/.test(id) ||
  /\/core\/src\/model\/(problem|session|end-words)/.test(id) ||
  // The line to the gateway and its colours: of pages with an emulator and of those that must not load one.
  /\/console\/src\/terminal\/(socket|page-clock|themes|preferences)\.ts$/.test(id) ||
  /\/core\/src\/wire\/(terminal-frames|watch-frames|read-notice)\.ts$/.test(id);

/** The terminal without its emulator: the click on Connect opens the session with it. */
const isTerminal = (id: string): boolean =>
  /\/console\/src\/terminal\/(?!search|emulator\.|xterm-options|shortcuts)[\w-]+\.tsx?$/.test(id) ||
  /\/core\/src\/terminal\/whole/.test(id);

/** The emulator and what only it needs. */
const isEmulator = (id: string): boolean =>
  /\/node_modules\/@xterm\/(xterm|addon-fit|addon-unicode11)\//.test(id) ||
  /\/console\/src\/terminal\/(emulator|xterm-options|shortcuts)\.ts$/.test(id);

/** Writes .gz and .br beside each text file of the build, so that the server never compresses a request. */
function precompress(): Plugin {
  let out = 'dist';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      out = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = await readdir(out, { recursive: true });
      const texts = files.filter((file) => /\.(js|css|html|svg)$/.test(file));
      await Promise.all(
        texts.map(async (file) => {
          const bytes = await readFile(join(out, file));
          await writeFile(join(out, `${file}.gz`), await promisify(gzip)(bytes, { level: 9 }));
          await writeFile(join(out, `${file}.br`), await promisify(brotliCompress)(bytes));
        }),
      );
    },
  };
}

export default defineConfig({
  plugins: [react(), precompress()],
  resolve: {
    // The sources of the core, so that the console needs no build of it.
    alias: [
      {
        find: /^@sallyport\/core\/(.*)\.js$/,
        replacement: `${fileURLToPath(new URL('../core/src', import.meta.url))}/$1.ts`,
      },
    ],
  },
  build: {
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    // The content security policy allows no data: URL.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      // How long plugins take is our concern and not that of whoever starts a clone.
      checks: { bundlerTimings: false },
      output: {
        // What every page needs is one file, not twenty small ones: the frame, the kit and the libraries under them.
        codeSplitting: {
          groups: [
            { name: 'shell', test: isShell },
            { name: 'terminal', test: isTerminal },
            { name: 'emulator', test: isEmulator },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } },
  },
});
