import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { command, startRun } from '../../runtime/run-process.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import type { Scenario } from '../scenario.ts';

const tenants = Array.from({ length: 10 }, (_, index) => ({ name: `tenant-${index}` }));
const leastSecrets = 50;
/** What the simulator issues while it runs: nobody can plant those, but everybody knows them by their look. */
const issuedTokens = /simulator-(?:access|refresh)-\w+|eyJ[\w-]{10,}\.[\w-]{10,}/;

/** Every secret that an instance can hold, in every form that one can have, through all that can be said of a run. */
export default {
  name: 'secrets',
  summary: 'fifty planted secrets through run, faults, health, metrics, exports, a crash and the state',
  runs: 10,
  shortRuns: 1,
  run: async (seed) => {
    await using simulator = await startSimulator({
      seed,
      tenants,
      initialObjects: 3,
      polled: ['customers', 'products'],
    });
    await using folder = await temporaryFolder();
    const scene: Scene = { simulator, folder: folder.path, secrets: [], environment: {} };
    await plant(scene);
    const said = new Map<string, string>();
    said.set('a run under faults, with health and metrics', await runUnderFaults(scene));
    for (const [name, argumentList] of Object.entries(tellingCommands(scene.folder))) {
      said.set(name, type(argumentList, scene));
    }
    said.set('the state', await readFolder(scene.folder));
    said.set('a crash', await crash(scene));
    const broken = [...said].flatMap(([name, text]) => {
      const shown = scene.secrets.filter((secret) => text.includes(secret.value));
      const issued = issuedTokens.exec(text)?.[0];
      return [
        ...shown.map(({ what }) => `${name} shows ${what}`),
        ...(issued === undefined ? [] : [`${name} shows an issued token, ${issued.slice(0, 24)}…`]),
        ...(text.length > 50 ? [] : [`${name} said nothing: nothing was tried`]),
      ];
    });
    if (scene.secrets.length < leastSecrets) broken.push(`only ${scene.secrets.length} secrets were planted`);
    return { broken, figures: { secrets: scene.secrets.length, outputs: said.size } };
  },
} satisfies Scenario;

interface Scene {
  readonly simulator: Simulator;
  readonly folder: string;
  readonly secrets: { readonly what: string; readonly value: string }[];
  readonly environment: Record<string, string>;
}

/** Writes the instance files: secrets as they are, by `${env:…}`, by `${file:…}`, and in the callback's address. */
async function plant({ simulator, folder, secrets, environment }: Scene): Promise<void> {
  const key = randomBytes(32).toString('base64');
  environment['SAGECFG_KEY'] = key;
  secrets.push({ what: 'SAGECFG_KEY', value: key });
  for (const [index, tenant] of simulator.tenants.entries()) {
    const { name, clientSecret, refreshToken, signatureKey } = tenant;
    const password = `password-${randomBytes(12).toString('hex')}`;
    const query = `query-${randomBytes(12).toString('hex')}`;
    const own = { clientSecret, refreshToken, signatureKey, password, query };
    for (const [what, value] of Object.entries(own)) secrets.push({ what: `${what} of ${name}`, value });
    let text = simulator
      .instanceFile(name)
      .replace(`/callback/${name}`, `/callback/${name}?token=${query}`)
      .replace(
        '  event.notification.signature.key',
        `  event.notification.basic.username: user\n  event.notification.basic.password: ${password}\n  event.notification.signature.key`,
      );
    for (const [what, value] of Object.entries({ refreshToken, signatureKey, password })) {
      if (index % 3 === 0) continue;
      const reference = `${what}_${index}`;
      if (index % 3 === 1) environment[reference] = value;
      else await writeFile(join(folder, reference), `${value}\n`, { mode: 0o600 });
      const written = index % 3 === 1 ? `"\${env:${reference}}"` : `"\${file:${reference}}"`;
      text = text.replace(new RegExp(`"?${value}"?`), () => written);
    }
    await writeFile(join(folder, `${name}.yaml`), text);
  }
}

/** Refusals by Sage and by the receiver that name what they refuse, then all that can be asked of a process that runs. */
async function runUnderFaults({ simulator, folder, environment }: Scene): Promise<string> {
  const anytime = { count: 'always', probability: 0.15 } as const;
  simulator.faults.add(
    { kind: 'expired-token', ...anytime },
    { kind: 'gateway-timeout', ...anytime },
    { kind: 'truncate', ...anytime },
    { kind: 'drop', when: 'before', ...anytime },
    { on: 'callback', kind: 'status', status: 401, ...anytime },
    { on: 'callback', kind: 'drop', when: 'before', ...anytime },
    { on: 'callback', kind: 'status', status: 302, location: 'http://127.0.0.1/', ...anytime },
  );
  const run = startRun(simulator, folder, { environment, flags: ['--health-port', '0'] });
  const served = await run.line(/"health-served"/);
  await run.line(/poll-finished/);
  simulator.changes.make(60);
  await Promise.all([
    run.line(/notification-failed/),
    run.line(/notification-delivered/),
    run.line(/poll-failed/),
  ]);
  const origin = /http:\/\/[\d.:]+/.exec(served)?.[0] ?? '';
  const bodies = await Promise.all(
    ['/livez', '/readyz', '/metrics'].map(async (path) => (await fetch(`${origin}${path}`)).text()),
  );
  run.child.kill('SIGTERM');
  const { stderr } = await run.ended;
  simulator.faults.clear();
  return [stderr, ...bodies].join('\n');
}

/** Whatever tells of instances and state. */
function tellingCommands(folder: string): Readonly<Record<string, readonly string[]>> {
  const state = ['--state', join(folder, 'state.db')];
  return {
    'a check of the files': ['validate', '-f', 'json', '.'],
    'the next requests': ['expand', 'tenant-0.yaml'],
    'the status': ['status', ...state],
    'the status as JSON': ['status', '-f', 'json', ...state],
    'the list of events': ['events', 'list', '-f', 'json', ...state],
    'an event with its attempts': ['events', 'show', failedEvent(folder), '--full', ...state],
    'a replay': ['events', 'replay', '--all', ...state],
    'a resume': ['resume', ...state],
    'an export of the state': ['state', 'export', ...state],
    'the state of the grants': ['auth', 'status', ...state, 'tenant-0.yaml'],
  };
}

/** One whose notification was refused, so that there is more to show. */
function failedEvent(folder: string): string {
  using database = new DatabaseSync(join(folder, 'state.db'), { readOnly: true });
  const row = database
    .prepare(`
      SELECT events.id FROM attempts JOIN event_states AS events USING (notification_id) WHERE failure IS NOT NULL LIMIT 1`)
    .get();
  return String(row?.['id']);
}

function type(argumentList: readonly string[], { folder, environment }: Scene): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, ...argumentList], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
  });
  if (status !== 0 && status !== 1)
    throw new Error(`${argumentList.join(' ')} ended with ${status}: ${stderr}`);
  return `${stdout}${stderr}`;
}

async function readFolder(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('state.db'));
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')));
  return files.join('\n');
}

/** A bug of ours cannot be ordered, so the state is made such as no run can leave it. */
async function crash({ simulator, folder, environment }: Scene): Promise<string> {
  const database = new DatabaseSync(join(folder, 'state.db'));
  database.exec('PRAGMA foreign_keys = OFF; ALTER TABLE scans RENAME TO lost_scans');
  database.close();
  const { code, stderr } = await startRun(simulator, folder, { environment }).ended;
  if (code !== 70) throw new Error(`the crash ended with ${code}: ${stderr}`);
  return stderr;
}
