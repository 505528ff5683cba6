import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/runtime/adapters/store/sqlite.ts';
import { createTokenCipher, parseTokenKey } from '../../src/runtime/token-cipher.ts';
import type { Fault } from '../../src/simulator/faults/fault.ts';
import { createRandom } from '../../src/simulator/random.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';
import { desiredFile, platformEnvironment, tenantEnvironment } from './simulated-platform.ts';

const command = resolve(import.meta.dirname, '../../dist/sagecfg.cjs');
const key = Buffer.alloc(32, 9).toString('base64');
const names = Array.from({ length: 50 }, (_name, index) => `tenant-${String(index).padStart(2, '0')}`);
/** More for whoever has the time: `SAGECFG_KILLS=100 npx vitest run … test/platform/kill-apply.test.ts`. */
const kills = Number(process.env['SAGECFG_KILLS'] ?? 8);
const killsARound = 4;

describe('apply of fifty instances, killed again and again', () => {
  it.each<[string, readonly Fault[]]>([
    ['with a platform that answers', []],
    [
      'while answers are lost',
      [{ on: 'instances', kind: 'drop', when: 'after', contains: '"configuration"', probability: 0.3 }],
    ],
  ])(
    'creates each once, ids and tokens known, %s',
    { timeout: 60_000 + kills * 10_000 },
    async (_what, faults) => {
      const random = createRandom(Number(process.env['SAGECFG_SEED'] ?? 1), `kills ${faults.length}`);
      for (let killed = 0; killed < kills / 2; killed += killsARound) {
        await using simulator = await startSimulator({ initialObjects: 0, seed: killed + 1 });
        simulator.faults.add(...faults);
        await using folder = await temporaryFolder(
          Object.fromEntries(names.map((name) => [`tenants/${name}.yaml`, desiredFile(name)])),
        );
        for (let round = 0; round < Math.min(killsARound, kills); round += 1) {
          const apply = startApply(simulator, folder);
          await requests(simulator, 1 + random.integer(24), apply.ended);
          apply.child.kill('SIGKILL');
          await apply.ended;
        }
        simulator.faults.clear();
        const last = startApply(simulator, folder);
        await requests(simulator, 1, last.ended);
        // Where the system shows everybody's command lines as files.
        const commandLine = await readFile(`/proc/${last.child.pid}/cmdline`, 'utf8').catch(() => '');
        const { code, output } = await last.ended;
        expect(leaked(commandLine + output, simulator)).toEqual([]);
        expect({ code, output }).toMatchObject({ code: 0 });
        const there = simulator.instances
          .list()
          .map(({ name, id, token }) => ({ name, id: String(id), token }));
        expect(there.map(({ name }) => name).sort()).toEqual(names);
        expect(await known(simulator, folder)).toEqual(
          there.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
        );
      }
    },
  );
});

/** Resolves when the simulator has got so many requests more, or the process has ended before. */
async function requests(simulator: Simulator, count: number, ended: Promise<unknown>): Promise<void> {
  const target = simulator.traffic.report().requests + count;
  const over = { isOver: false };
  void ended.then(() => (over.isOver = true));
  while (!over.isOver && simulator.traffic.report().requests < target)
    await new Promise((done) => setImmediate(done));
}

function startApply(simulator: Simulator, folder: TemporaryFolder) {
  const flags = ['--yes', '--state', 'state.db', '--settle-seconds', '0.5', '--no-config'];
  const address = ['--platform-base-url', simulator.platformUrl];
  const child = spawn(process.execPath, [command, 'apply', 'tenants', ...flags, ...address], {
    cwd: folder.path,
    env: { SAGECFG_KEY: key, ...platformEnvironment(simulator), ...tenantEnvironment(simulator) },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, output }));
  return { child, ended };
}

function leaked(text: string, simulator: Simulator): readonly string[] {
  const secrets = [
    ...Object.values(platformEnvironment(simulator)),
    ...Object.values(tenantEnvironment(simulator)),
    ...simulator.instances.list().map(({ token }) => token),
    key,
  ];
  return secrets.filter((secret) => text.includes(secret));
}

async function known(simulator: Simulator, folder: TemporaryFolder) {
  const cipher = createTokenCipher(parseTokenKey(key));
  await using store = openSqliteStore(join(folder.path, 'state.db'), { cipher, crash: () => undefined });
  const registrations = await store.registrations.list(simulator.platformUrl);
  return registrations.map(({ name, instanceId, token }) => ({
    name,
    id: instanceId,
    token: token?.reveal(),
  }));
}
