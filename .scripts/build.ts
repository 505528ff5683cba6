import { execFileSync } from 'node:child_process';
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundleFolders } from './bundle-folders.ts';
import { compileSchemas } from './compile-schemas.ts';

// One CommonJS file: cold start is what a pre-commit hook pays, and ESM costs a fifth more of it.
const command = 'dist/sagecfg.cjs';

// Before anything else, in a language that any Node understands: newer modules crash on old versions without a word.
const versionCheck = `
(function () {
  var version = process.versions.node.split('.').map(Number);
  if (version[0] > 22 || (version[0] === 22 && version[1] >= 19)) return;
  process.stderr.write('sagecfg needs Node 22.19 or later, this is ' + process.version + '\\n');
  process.exit(2);
})();
var bundleUrl = require('node:url').pathToFileURL(__filename).href;`;

const isCommandOnly = process.argv.includes('--command-only');
if (!isCommandOnly) await rm('dist', { recursive: true, force: true });

await build({
  entryPoints: ['src/bin.ts'],
  outfile: command,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  minifySyntax: true,
  mainFields: ['module', 'main'],
  banner: { js: versionCheck },
  define: { 'import.meta.url': 'bundleUrl', 'import.meta.dirname': '__dirname' },
  // Help is laid out by us; yargs' own layout would load two copies of string-width, half of its start-up time.
  alias: { 'string-width': './.scripts/string-width.ts' },
  plugins: [bundleFolders, compileSchemas],
  logLevel: 'warning',
});
await chmod(command, 0o755);

if (!isCommandOnly) execFileSync('tsc', ['-p', '.scripts/tsconfig.library.json'], { stdio: 'inherit' });
