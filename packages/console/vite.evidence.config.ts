/**
 * The page of evidence bundles: one HTML file with script and style inside, into which the gateway puts the data. The
 * content security policy names the script by its hash and allows nothing else: no request, no other script.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The parser looks for these in a script's text; in strings, templates and patterns the escapes mean the same. */
const inScript = (code: string): string => code.replace(/<(?=\/script|!--|script)/gi, '\\x3c');

function oneFile(): Plugin {
  return {
    name: 'one-file',
    apply: 'build',
    // After the style is gathered.
    enforce: 'post',
    generateBundle(_options, bundle) {
      let script = '';
      let style = '';
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === 'chunk') script += inScript(file.code);
        else if (name.endsWith('.css')) style += String(file.source);
        delete bundle[name];
      }
      script = `\n${script.trim()}\n`;
      const hash = createHash('sha256').update(script).digest('base64');
      const parts: Readonly<Record<string, string>> = { SCRIPT_HASH: hash, SCRIPT: script, STYLE: style.trim() };
      const source = readFileSync(path('src/evidence/page.template'), 'utf8').replace(
        /%(SCRIPT_HASH|SCRIPT|STYLE)%/g,
        (_, name: string) => parts[name] ?? '',
      );
      this.emitFile({ type: 'asset', fileName: 'evidence.html', source });
    },
  };
}

export default defineConfig({
  plugins: [oneFile()],
  publicDir: false,
  resolve: {
    alias: [{ find: /^@sallyport\/core\/(.*)\.js$/, replacement: `${path('../core/src')}/$1.ts` }],
  },
  build: {
    target: 'es2022',
    outDir: 'dist-evidence',
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: path('src/evidence/main.ts'),
      checks: { bundlerTimings: false },
      output: { format: 'iife', codeSplitting: false },
      treeshake: { moduleSideEffects: (id) => /\.css$|\/evidence\/main\.ts$/.test(id) },
    },
  },
});
