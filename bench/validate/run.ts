import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { largeFile, oddTenantFile, tenantFile } from './tenant-files.ts';

/**
 * Measures `sagecfg validate` and its peers on the same files, in turns, so that a busy minute hits all of them. Peers
 * that are not installed (`npm ci --prefix bench/validate`) are left out: nothing is installed from here.
 */
const rounds = Number(process.argv[2] ?? 7);
const repository = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'sagecfg-bench-'));

function writeInputs(): void {
  for (const name of ['many', 'odd']) mkdirSync(join(folder, name));
  writeFile('one', tenantFile(0));
  for (let index = 0; index < 1_000; index += 1) writeFile(`many/${index}`, tenantFile(index));
  for (let index = 0; index < 1_000; index += 1)
    writeFileSync(join(folder, 'odd', `${index}.yaml`), oddTenantFile(index));
  for (const count of [1_000, 10_000]) writeFileSync(join(folder, `${count}.yaml`), largeFile(count));
  writeFileSync(join(folder, '.spectral.yaml'), spectralRules());
  writeFileSync(join(folder, 'eslint.config.mjs'), eslintRules());
}

/** Redocly reads nothing but descriptions of an API: there the tenant is an extension. */
function writeFile(name: string, tenant: string): void {
  const head = `openapi: 3.1.0\ninfo: { title: tenant, version: '1' }\npaths: {}\nx-tenant:\n`;
  writeFileSync(join(folder, `${name}.yaml`), tenant);
  writeFileSync(join(folder, `${name}.openapi.yaml`), head + tenant.replaceAll(/^/gm, '  '));
}

const schemas = join(repository, 'schemas');
const peers = join(repository, 'bench/validate/node_modules');

/** Peers are given our own schema, where they can take one. */
function spectralRules(): string {
  return `rules: { body: { given: $, then: { function: schema, functionOptions: { schema: { type: object, required: [configuration] } } } } }\n`;
}

function eslintRules(): string {
  return `import yml from ${JSON.stringify(join(peers, 'eslint-plugin-yml/lib/index.mjs'))};\nexport default [...yml.configs.standard];\n`;
}

interface Tool {
  readonly name: string;
  readonly script: string;
  readonly argumentsFor: (files: readonly string[]) => readonly string[];
}

const tools: readonly Tool[] = [
  {
    name: 'sagecfg',
    script: join(repository, 'dist/sagecfg.cjs'),
    argumentsFor: (files) => ['validate', '--no-config', '--fail-on', 'never', ...files],
  },
  {
    name: 'ajv-cli',
    script: join(peers, 'ajv-cli/dist/index.js'),
    argumentsFor: (files) => [
      'validate',
      '--strict=false',
      '--all-errors',
      '-s',
      join(schemas, 'instance.schema.json'),
      '-r',
      join(schemas, '{sageone,poller-configuration}.schema.json'),
      ...files.flatMap((file) => ['-d', file]),
    ],
  },
  {
    name: 'v8r',
    script: join(peers, 'v8r/src/index.js'),
    argumentsFor: (files) => ['--schema', join(folder, 'any.schema.json'), ...files],
  },
  {
    name: 'spectral',
    script: join(peers, '@stoplight/spectral-cli/dist/index.js'),
    argumentsFor: (files) => ['lint', '-r', join(folder, '.spectral.yaml'), ...files],
  },
  {
    name: 'eslint + yml',
    script: join(peers, 'eslint/bin/eslint.js'),
    argumentsFor: (files) => ['--config', join(folder, 'eslint.config.mjs'), ...files],
  },
  {
    name: 'redocly',
    script: join(peers, '@redocly/cli/bin/cli.js'),
    argumentsFor: (files) => [
      'lint',
      '--extends=minimal',
      ...files.map((file) => file.replace('.yaml', '.openapi.yaml')),
    ],
  },
  {
    name: 'yaml-language-server',
    script: join(repository, 'bench/validate/yaml-language-server.ts'),
    argumentsFor: (files) => [join(schemas, 'instance.schema.json'), ...files],
  },
];

interface Cost {
  readonly cpuMs: number;
  readonly megabytes: number;
}

/** Short runs are repeated: the clock of `time` has ticks of 10 ms. */
const repeat = `for run in 1 2 3 4 5; do "$@" > /dev/null 2>&1; done`;

/** Runs Node under `/usr/bin/time`, which alone tells the memory and the processor time of its children. */
function costOf(argumentList: readonly string[], isShort: boolean): Cost {
  const command = [process.execPath, ...argumentList];
  const { stderr } = spawnSync(
    '/usr/bin/time',
    ['-f', '@%U %S %M', ...(isShort ? ['sh', '-c', repeat, 'sh'] : []), ...command],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      // v8r asks for a catalogue, Redocly for its latest version: not a matter of speed.
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' },
    },
  );
  const [, user = '0', system = '0', kilobytes = '0'] = /@([\d.]+) ([\d.]+) (\d+)\s*$/.exec(stderr) ?? [];
  return {
    cpuMs: (1_000 * (Number(user) + Number(system))) / (isShort ? 5 : 1),
    megabytes: Number(kilobytes) / 1_024,
  };
}

function inTurns(
  cases: readonly (readonly [name: string, argumentList: readonly string[]])[],
  times: number,
  isShort = false,
): Map<string, Cost[]> {
  // The first run compiles and caches; users pay for it once.
  for (const [, argumentList] of isShort ? cases : []) costOf(argumentList, true);
  const costs = new Map(cases.map(([name]) => [name, [] as Cost[]]));
  for (let round = 0; round < times; round += 1)
    for (const [name, argumentList] of cases) costs.get(name)?.push(costOf(argumentList, isShort));
  return costs;
}

/** Ratios are those of each round, of runs that stood side by side: their median, the least and the most. */
function print(title: string, costs: ReadonlyMap<string, readonly Cost[]>, base: string): void {
  const basis = costs.get(base) ?? [];
  console.log(`\n| ${title} | CPU ms | × ${base} | least to most | MB |\n|---|--:|--:|--:|--:|`);
  for (const [name, runs] of costs) {
    const ratios = runs
      .map(({ cpuMs }, round) => cpuMs / (basis[round]?.cpuMs ?? Number.NaN))
      .sort(ascending);
    const cpuMs = middle(runs.map((run) => run.cpuMs).sort(ascending));
    const spread = `${(ratios[0] ?? 0).toFixed(2)} to ${(ratios.at(-1) ?? 0).toFixed(2)}`;
    const megabytes = Math.max(...runs.map((run) => run.megabytes));
    console.log(
      `| ${name} | ${cpuMs.toFixed(0)} | ${middle(ratios).toFixed(2)} | ${spread} | ${megabytes.toFixed(0)} |`,
    );
  }
}

function ascending(left: number, right: number): number {
  return left - right;
}

function middle(sorted: readonly number[]): number {
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

try {
  writeInputs();
  writeFileSync(join(folder, 'any.schema.json'), '{"type":"object","required":["configuration"]}');
  const present = tools.filter(({ script }) => existsSync(script));
  const casesOf = (files: readonly string[]) =>
    present.map(({ name, script, argumentsFor }) => [name, [script, ...argumentsFor(files)]] as const);
  print(
    'one file, cold',
    inTurns([['node -e 0', ['-e', '0']], ...casesOf(['one.yaml'])], rounds, true),
    'node -e 0',
  );
  print(
    '1,000 files',
    inTurns(
      casesOf(Array.from({ length: 1_000 }, (_, index) => `many/${index}.yaml`)),
      Math.ceil(rounds / 3),
    ),
    'sagecfg',
  );
  print(
    '1,000 files without two entries alike',
    inTurns(
      casesOf(Array.from({ length: 1_000 }, (_, index) => `odd/${index}.yaml`)).filter(([name]) =>
        ['sagecfg', 'ajv-cli'].includes(name),
      ),
      rounds,
    ),
    'sagecfg',
  );
  const [own] = tools;
  const large = [1_000, 10_000].map(
    (count) =>
      [`${count} entries`, [own?.script ?? '', ...(own?.argumentsFor([`${count}.yaml`]) ?? [])]] as const,
  );
  print('one large file', inTurns(large, Math.ceil(rounds / 3)), '1000 entries');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
