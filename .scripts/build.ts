import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { bundleFolders, commandModules, lazyExamples } from './bundle-folders.ts';
import { compileSchemas } from './compile-schemas.ts';
import { lazyPackages, loadPackagesLazily } from './lazy-packages.ts';

// Before anything else, in a language that any Node understands: newer modules crash on old versions without a word.
const versionCheck = `
(function () {
  var version = process.versions.node.split('.').map(Number);
  if (version[0] > 22 || (version[0] === 22 && version[1] >= 19)) return;
  process.stderr.write('sagecfg needs Node 22.19 or later, this is ' + process.version + '\\n');
  process.exit(2);
})();`;

// CommonJS has no import.meta.
const bundleUrl = `var bundleUrl = require('node:url').pathToFileURL(__filename).href;`;

const plugins = [bundleFolders, lazyExamples, compileSchemas];

/**
 * CommonJS, which starts a fifth faster than ESM, and one file a command: a pre-commit hook pays for every byte that is
 * compiled, and `validate` needs no HTTP client.
 */
const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  minifySyntax: true,
  minifyWhitespace: true,
  mainFields: ['module', 'main'],
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': 'bundleUrl' },
  // Of these helpers only the parser is needed; the rest would double the start-up time.
  alias: { 'yargs/helpers': './.scripts/yargs-parser-only.ts' },
  banner: { js: bundleUrl },
  plugins,
  logLevel: 'warning',
};

const isCommandOnly = process.argv.includes('--command-only');
if (!isCommandOnly) await rm('dist', { recursive: true, force: true });
await removeCompiledCode();

const commands = Object.fromEntries(
  commandModules(readdirSync('src/commands')).map((name) => [`commands/${name}`, `src/commands/${name}.ts`]),
);
const packages = Object.fromEntries(lazyPackages.map((name) => [`packages/${name}`, name]));
await Promise.all([
  build({
    ...common,
    entryPoints: { sagecfg: '.scripts/start.ts' },
    banner: { js: versionCheck },
  }),
  build({ ...common, entryPoints: { main: 'src/bin.ts' } }),
  build({ ...common, entryPoints: commands, plugins: [...plugins, loadPackagesLazily] }),
  build({ ...common, entryPoints: packages }),
]);
escapeRegularExpressions();
await chmod('dist/sagecfg.cjs', 0o755);

if (!isCommandOnly) execFileSync('tsc', ['-p', '.scripts/tsconfig.library.json'], { stdio: 'inherit' });

/**
 * One character beyond ASCII, and V8 keeps the whole file with two bytes a character and is slower to read it. esbuild
 * leaves such characters in regular expressions only, where an escape means the same.
 */
function escapeRegularExpressions(): void {
  for (const folder of ['dist', 'dist/commands', 'dist/packages']) {
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.cjs'))) {
      const file = join(folder, name);
      const text = readFileSync(file, 'utf8');
      const escaped = text.replaceAll(
        /[^\0-\x7F]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      if (escaped !== text) writeFileSync(file, escaped);
    }
  }
}

/** What earlier builds were compiled to, see load-bundle.ts. */
async function removeCompiledCode(): Promise<void> {
  for (const folder of ['dist', 'dist/commands']) {
    const files = existsSync(folder) ? readdirSync(folder) : [];
    for (const file of files.filter((name) => name.endsWith('.cache')))
      await rm(join(folder, file), { force: true });
  }
}
