import { spawnSync } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '../../../src/simulator/random.ts';
import type { Random } from '../../../src/simulator/random.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { command, startRun, tenantFolder } from '../../runtime/run-process.ts';
import { judgeLedger } from '../judge-ledger.ts';
import { exceeding } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const unreadable = 4;
const mostEventsInFlight = 80;

/** What the machine can do to the state. Each must end in one line that says what to do, and lose nothing. */
export default {
  name: 'state-faults',
  summary: 'a full disk, a read-only, damaged or misplaced state, a second process',
  runs: 20,
  shortRuns: 1,
  run: async (seed) => {
    const random = createRandom(seed, 'state-faults');
    await using simulator = await startSimulator({ seed });
    await using folder = await tenantFolder(simulator);
    const scene: Scene = { simulator, folder: folder.path, random };
    await runOnce(scene);
    const broken: string[] = [];
    for (const [name, torment] of Object.entries(torments)) {
      simulator.changes.make(30);
      const said = await torment(scene);
      if (said !== undefined) broken.push(`${name}: ${said}`);
      await runOnce(scene);
    }
    await simulator.quiesce();
    await runOnce(scene);
    await runOnce(scene);
    const report = simulator.report();
    return {
      broken: [
        ...broken,
        ...judgeLedger(report, { duplicates: Object.keys(torments).length * mostEventsInFlight }),
      ],
      figures: { delivered: report.comparison.delivered, repeated: report.comparison.duplicates },
    };
  },
} satisfies Scenario;

interface Scene {
  readonly simulator: Simulator;
  readonly folder: string;
  readonly random: Random;
}

/** Each does its worst, and mends it again. Tells what was not as it should be. */
const torments: Readonly<Record<string, (scene: Scene) => Promise<string | undefined>>> = {
  'full disk': async (scene) => {
    const { simulator, folder, random } = scene;
    simulator.changes.start({ changesPerSecond: 300, total: Infinity });
    // A limit of the file's size stands for the end of the disk: the log beside the state is the first to meet it.
    const blocks = 400 + random.integer(400);
    const run = startRun(simulator, folder, { limits: `trap '' XFSZ; ulimit -f ${blocks}` });
    const said = await refusalOf(run, /state file .* the disk is full/);
    await simulator.changes.stop();
    return said;
  },
  'read-only state': async ({ simulator, folder }) => {
    // For root no file is read-only; and nobody else can run what lies in root's own folders.
    const user = process.getuid?.() === 0 ? 65_534 : undefined;
    if (user !== undefined && !canRun(user)) return undefined;
    const names = await readdir(folder);
    if (user !== undefined)
      await Promise.all(['.', ...names].map((name) => chown(join(folder, name), user, user)));
    await chmod(join(folder, 'state.db'), 0o400);
    try {
      return await refusalOf(
        startRun(simulator, folder, user === undefined ? {} : { user }),
        /cannot be written|read-only/,
      );
    } finally {
      await chmod(join(folder, 'state.db'), 0o600);
    }
  },
  'damaged header': (scene) => damage(scene, { from: 0 }),
  'damaged pages': (scene) => damage(scene, { from: 4096 }),
  'folder in the place of the state': async ({ simulator, folder }) => {
    const file = join(folder, 'elsewhere.db');
    await mkdir(file);
    const run = startRun(simulator, folder, { flags: ['--state', 'elsewhere.db'] });
    const said = await refusalOf(run, /it is a folder|cannot be opened/);
    await rm(file, { recursive: true });
    return said;
  },
  'second process': async ({ simulator, folder }) => {
    const first = startRun(simulator, folder);
    await first.line(/poll-finished/);
    const startedMs = performance.now();
    const { code, stderr } = await startRun(simulator, folder).ended;
    const tookMs = performance.now() - startedMs;
    first.child.kill('SIGTERM');
    await first.ended;
    const names = stderr.includes(`in use by process ${first.child.pid}`);
    return names && code === 2 ? exceeding({ tookMs: [tookMs, 10_000] })[0] : `exit code ${code}: ${stderr}`;
  },
};

function canRun(user: number): boolean {
  return spawnSync(process.execPath, [command, '--version'], { uid: user, cwd: '/' }).status === 0;
}

async function damage(
  { simulator, folder, random }: Scene,
  { from }: { from: number },
): Promise<string | undefined> {
  const file = join(folder, 'state.db');
  const copy = join(folder, 'copy.db');
  await copyFile(file, copy);
  const { length } = await readFile(file);
  const noise = Buffer.from(Array.from({ length: length - from }, () => random.integer(256)));
  await using handle = await open(file, 'r+');
  await handle.write(noise, 0, noise.length, from);
  const before = await readFile(file);
  const said = await refusalOf(startRun(simulator, folder), /damaged/);
  const isAsItWas = before.equals(await readFile(file));
  await writeFile(file, await readFile(copy));
  await rm(copy);
  await Promise.all(['-wal', '-shm'].map((suffix) => rm(`${file}${suffix}`, { force: true })));
  return said ?? (isAsItWas ? undefined : 'the damaged file was changed');
}

async function runOnce({ simulator, folder }: Scene): Promise<void> {
  const { code, stderr } = await startRun(simulator, folder, { flags: ['--once'] }).ended;
  if (code !== 0) throw new Error(`a sound run ended with ${code}: ${stderr}`);
}

/** Undefined when the command ended with the exit code and one line like that; otherwise what it did. */
async function refusalOf(
  { ended }: ReturnType<typeof startRun>,
  message: RegExp,
): Promise<string | undefined> {
  const { code, signal, stderr } = await ended;
  const said = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  const isOneLine = said.length === 1 && said[0]?.startsWith('sagecfg: ') === true;
  if (code === unreadable && isOneLine && message.test(stderr)) return undefined;
  return `exit code ${code}, signal ${signal}: ${stderr}`;
}
