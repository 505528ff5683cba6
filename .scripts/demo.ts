import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

// The whole story on the vendor's own sample, by the commands that a user would type. Exits 0 only if nothing was lost.

const command = resolve('dist/sagecfg.cjs');
const folder = mkdtempSync(join(tmpdir(), 'sagecfg-demo-'));
const playground = join(folder, 'playground');
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const sample = 'acme.json';
copyFileSync('fixtures/seed/instance-example.json', join(folder, sample));

heading('1. The sample of the vendor’s own documentation has mistakes. Where, why, and what to do:');
show(['validate', '--quiet', sample], 1);

heading('2. What is certain can be mended. Nothing else is touched:');
show(['validate', '--fix', '--diff', sample], 1);
show(['validate', '--fix', '--quiet', sample], 0);

heading('3. One more resource, with Sage’s real endpoint and fields, in the style of the file:');
show(['generate', '--resources', 'invoices', '--diff', sample], 0);
show(['generate', '--resources', 'invoices', '--write', sample], 0);
show(['generate', '--resources', 'invoices', '--check', sample], 0);

heading('4. What Sage will be asked at the next poll:');
show(['expand', '--since', '2026-11-23T10:00:00Z', '--target', 'sage', sample], 0);

heading('5. Three tenants polled for a quarter of a minute, with a kill -9 in the middle:');
const simulator = await startSimulator();
const { controlUrl } = JSON.parse(simulator.firstLine) as { controlUrl: string }; // what `simulate -f json` prints
const first = startRun();
await wait(3_000);
await post(`${controlUrl}/start`, { changesPerSecond: 15, total: 150 });
await wait(5_500);
first.kill('SIGKILL');
running.delete(first);
console.log('  … kill -9, and started again on the same state file …');
const second = startRun();
await wait(5_000);
await post(`${controlUrl}/quiesce`);
const report = await waitForReport(controlUrl);
second.kill('SIGINT');
await exitOf(second);
simulator.child.kill('SIGINT');

heading('The ledger of the receiver against the truth of the simulated Sage:');
const { changes, delivered, lost, duplicates, differentIds, badSignatures, outOfOrder } = report.comparison;
console.log(`  changes made                      ${changes}`);
console.log(`  delivered                         ${delivered}`);
console.log(`  lost                              ${lost}`);
console.log(`  out of order                      ${outOfOrder}`);
console.log(
  `  delivered again, same id          ${duplicates}  (a kill can cause these; receivers drop them by id)`,
);
console.log(`  duplicates with different ids     ${differentIds}`);
console.log(`  bad signatures                    ${badSignatures}`);
const isGood = report.comparison.isClean && changes > 0 && delivered === changes;
console.log(isGood ? '\nEvery change arrived.' : `\nNOT GOOD: ${JSON.stringify(report.comparison)}`);
process.exit(isGood ? 0 : 1);

interface Report {
  readonly comparison: {
    readonly changes: number;
    readonly delivered: number;
    readonly lost: number;
    readonly duplicates: number;
    readonly differentIds: number;
    readonly badSignatures: number;
    readonly outOfOrder: number;
    readonly isClean: boolean;
  };
}

function heading(text: string): void {
  console.log(`\n${text}\n`);
}

/** Types a command and shows what it says; another exit code than the expected one ends the demo. */
function show(argumentList: readonly string[], expected: number): void {
  console.log(`$ sagecfg ${argumentList.join(' ')}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...argumentList], {
    cwd: folder,
    encoding: 'utf8',
  });
  const said = `${stdout}${stderr}`.trimEnd();
  console.log(said.replaceAll(/^/gm, '  '));
  if (status === expected) return;
  console.error(`exit code ${status}, expected ${expected}`);
  process.exit(1);
}

async function startSimulator(): Promise<{ readonly child: ChildProcess; readonly firstLine: string }> {
  const argumentList = [
    'simulate',
    '--tenants',
    'north,south,west',
    '--changes-per-second',
    '0',
    '--rest-seconds',
    '60',
  ];
  console.log(`$ sagecfg ${argumentList.join(' ')} --out playground &`);
  const child = start([...argumentList, '--out', playground, '-f', 'json'], folder);
  if (child.stdout === null) throw new Error('the simulator has no output');
  for await (const firstLine of createInterface(child.stdout)) return { child, firstLine };
  throw new Error('the simulator ended before it began');
}

function startRun(): ChildProcess {
  const argumentList = ['run', '--interval-seconds', '1.5', '--overlap-seconds', '3'];
  console.log(`$ sagecfg ${argumentList.join(' ')}`);
  const child = start(argumentList, playground);
  if (child.stderr)
    createInterface(child.stderr).on('line', (line) => showPoll(JSON.parse(line) as PollLine)); // JSON lines
  return child;
}

interface PollLine {
  readonly kind: string;
  readonly instance: string;
  readonly resource: string;
  readonly counts?: { readonly events: Readonly<Record<string, number>> };
}

/** Of all that `run` says, the polls that found something. */
function showPoll({ kind, instance, resource, counts }: PollLine): void {
  const found = Object.entries(counts?.events ?? {}).filter(([, count]) => count > 0);
  if (kind !== 'poll-finished' || found.length === 0) return;
  console.log(
    `  ${`${instance} ${resource}`.padEnd(18)} ${found.map(([type, count]) => `${count} ${type}`).join(', ')}`,
  );
}

/** Its log is piped: `run` then writes JSON lines. */
function start(argumentList: readonly string[], cwd: string): ChildProcess {
  const child = spawn(process.execPath, [command, ...argumentList], {
    cwd,
    stdio: ['ignore', 'pipe', argumentList[0] === 'run' ? 'pipe' : 'inherit'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((done) => child.once('exit', done));
}

async function post(url: string, body: unknown = {}): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}

/** Asks until everything has arrived, ten seconds at most. */
async function waitForReport(url: string): Promise<Report> {
  const untilMs = Date.now() + 10_000;
  for (;;) {
    const report = (await (await fetch(`${url}/report`)).json()) as Report; // the simulator's own
    const { changes, delivered, lost } = report.comparison;
    if ((lost === 0 && delivered === changes) || Date.now() > untilMs) return report;
    await wait(250);
  }
}
