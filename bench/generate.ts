/**
 * How long it takes to make 1,000 tenants poll 10 resources each: `node bench/generate.ts`. Runs the built command on a
 * folder of files, as a user would, in turns with writing the same bytes plainly (each file synced and renamed, too).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { generateInstance } from '../src/generate/generate-instance.ts';
import { listResources } from '../src/catalog/sage-resource.ts';
import { writeText } from '../src/input/write-text.ts';

const tenants = 1000;
const rounds = 3;
const command = resolve('dist/sagecfg.cjs');
const [customers, ...others] = listResources().filter(({ changeFilter }) => changeFilter !== undefined);
if (customers === undefined) throw new Error('the catalog begins with customers');
const names = [customers, ...others.slice(0, 9)].map(({ name }) => name);
const body = generateInstance([customers], 'yaml');

const folder = mkdtempSync(join(tmpdir(), 'sagecfg-bench-'));
try {
  const times: { generate: number; plain: number; megabytes: number }[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await measureRound());
  const generate = median(times.map((time) => time.generate));
  const plain = median(times.map((time) => time.plain));
  console.log('| task | seconds | × plain writing | MB at most |');
  console.log('|---|--:|--:|--:|');
  console.log(`| write the same files plainly | ${seconds(plain)} | 1.0 | |`);
  const most = Math.max(...times.map(({ megabytes }) => megabytes));
  console.log(
    `| generate --write, ${tenants} files, ${names.length} resources each | ${seconds(generate)} | ${(generate / plain).toFixed(1)} | ${Math.round(most)} |`,
  );
  if (generate > 5000 || most > 300) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function measureRound(): Promise<{ generate: number; plain: number; megabytes: number }> {
  const files = join(folder, 'tenants');
  rmSync(files, { recursive: true, force: true });
  mkdirSync(files);
  for (let tenant = 0; tenant < tenants; tenant += 1)
    writeFileSync(
      join(files, `tenant-${tenant}.yaml`),
      body.replace('name: sage-accounting', `name: tenant-${tenant}`),
    );

  const start = performance.now();
  // The child says its own peak; with it the file of the report is no part of the time.
  const preload = join(folder, 'peak.cjs');
  writeFileSync(
    preload,
    `process.on('exit', () => require('node:fs').writeSync(3, String(process.resourceUsage().maxRSS)));`,
  );
  const { status, stderr, output } = spawnSync(
    process.execPath,
    [
      '--require',
      preload,
      command,
      'generate',
      '--no-config',
      '--resources',
      names.join(','),
      '--write',
      files,
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const generate = performance.now() - start;
  if (status !== 0) throw new Error(stderr);

  const texts = readdirSync(files).map((name) => [name, readFileSync(join(files, name), 'utf8')] as const);
  const missing = texts.filter(([, text]) => names.some((name) => !text.includes(`    ${name}:\n`)));
  if (missing.length > 0) throw new Error(`${missing.length} files lack an entry`);

  const copies = join(folder, 'copies');
  rmSync(copies, { recursive: true, force: true });
  mkdirSync(copies);
  const plainStart = performance.now();
  for (const [name, text] of texts) await writeText(join(copies, name), text);
  return { generate, plain: performance.now() - plainStart, megabytes: Number(output[3]) / 1024 };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
