import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../io.ts';
import { lintText } from '../lint/lint-text.ts';
import type { Instance } from '../model/model.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import type { Runtime, RuntimeOptions } from '../runtime/runtime.ts';
import type { RuntimeEvent } from '../runtime/report.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { findErrors, refuseErrors } from './shared/find-errors.ts';
import { lintFiles, reportUnreadable, type LintedFiles } from './shared/lint-files.ts';
import { inputOptions } from './shared/options.ts';
import { createRuntimeLog } from './shared/runtime-log.ts';
import { hasOwnSimulator, runtimeOptions, runtimeOptionsFrom } from './shared/runtime-options.ts';

const options = {
  once: {
    type: 'boolean',
    description: 'Poll each resource once, deliver, and end; exit code 1 when something is left over',
  },
  ...runtimeOptions,
  ...inputOptions,
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Poll Sage and deliver signed events to the callback, until interrupted',
  positional: { name: 'files..', description: 'Files, globs or folders; - for standard input' },
  options,
  examples: [
    ['sagecfg run acme.yaml', 'poll as the file says; SAGECFG_KEY encrypts the tokens'],
    ['sagecfg run --source simulator', 'a demonstration: needs no file, no account and no network'],
    ['sagecfg run --baseline since=2026-11-01T00:00:00Z acme.yaml', 'deliver what changed since then, too'],
  ],
  async run({ names, options: values, io }) {
    const settings = readSettings({
      workingDirectory: io.workingDirectory,
      ...(values.config !== undefined && { config: values.config }),
    });
    if (hasOwnSimulator(values, settings.runtime)) return runWithSimulator(names, values, io);
    const read = await readSound(names, values, io);
    if (typeof read === 'number') return read;
    const runtimeSettings = runtimeOptionsFrom(values, read.settings.runtime, io.workingDirectory);
    return runInstances(instancesOf(read), { values, settings: runtimeSettings }, io);
  },
});

/** The files that are named, all without error; otherwise the exit code, after telling why. */
async function readSound(names: readonly string[], values: Values, io: Io): Promise<LintedFiles | ExitCode> {
  const read = await lintFiles(names, values, io);
  reportUnreadable(read.unreadable, io);
  if (read.unreadable.length > 0) return exitCodes.unreadable;
  const refused = findErrors(read.files);
  if (refused.length === 0) return read;
  await refuseErrors(refused, { outcome: 'nothing was run', color: values.color }, io);
  return exitCodes.problems;
}

function instancesOf({ files }: LintedFiles): readonly Instance[] {
  return files.flatMap(({ linted }) => linted.instances);
}

/** A made-up Sage in this process, with its own receiver: nothing that is polled, delivered or kept outlives it. */
async function runWithSimulator(names: readonly string[], values: Values, io: Io): Promise<ExitCode> {
  if (values.store !== undefined || values.state !== undefined) {
    throw new SagecfgError(
      'usage',
      'a simulator that run starts forgets everything: leave out --store, or connect to one with --sage-base-url',
    );
  }
  const read = names.length === 0 ? undefined : await readSound(names, values, io);
  if (typeof read === 'number') return read;
  const { startSimulator } = await import('../simulator/start-simulator.ts');
  const own = read === undefined ? undefined : instancesOf(read);
  const tenants = own?.map((_instance, index) => ({ name: `tenant-${index + 1}` })) ?? [{ name: 'north' }];
  const { resourceNames } = await import('../simulator/world/resources/index.ts');
  const polled = own === undefined ? {} : { polled: resourcesOf(own, resourceNames) };
  await using simulator = await startSimulator({ tenants, changesPerSecond: 5, ...polled });
  const folder = await mkdtemp(join(tmpdir(), 'sagecfg-'));
  try {
    const addresses = { 'sage-base-url': simulator.sageUrl, 'sage-token-url': simulator.tokenUrl };
    const flags = { ...values, ...addresses, source: 'simulator', state: join(folder, 'state.db') };
    const settings = runtimeOptionsFrom(flags, read?.settings.runtime ?? {}, io.workingDirectory);
    const instances = tenants.map(({ name }, index) => simulatedInstance(simulator, name, own?.[index]));
    const interval = { intervalMs: settings.intervalMs ?? demonstrationIntervalMs };
    const beforeEnd = (runtime: Runtime): Promise<void> => deliverRest(simulator, runtime);
    const exitCode = await runInstances(
      instances,
      { values, settings: { ...settings, ...interval }, beforeEnd },
      io,
    );
    const { changes, delivered, lost, duplicates } = simulator.report().comparison;
    io.stderr.write(
      `simulator: ${changes} changes, ${delivered} delivered, ${lost} lost, ${duplicates} twice\n`,
    );
    return exitCode;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function resourcesOf(instances: readonly Instance[], simulated: readonly string[]): readonly string[] {
  const names = instances.flatMap(({ poller }) =>
    (poller?.entries ?? []).map(({ resource }) => resource.value),
  );
  const unknown = names.find((name) => !simulated.includes(name));
  if (unknown === undefined) return [...new Set(names)];
  const known = simulated.join(', ');
  throw new SagecfgError('usage', `the simulator has no ${JSON.stringify(unknown)}: it has ${known}`);
}

/** What changed since the last poll is not lost, so it is polled before anybody counts. */
async function deliverRest(simulator: Simulator, runtime: Runtime): Promise<void> {
  await simulator.quiesce();
  await runtime.runOnce(new AbortController().signal);
}

/** Nobody waits a quarter of an hour for a demonstration. */
const demonstrationIntervalMs = 5000;

/** A tenant's instance of the simulator; with an instance of the user's, that one with the tenant's credentials and receiver. */
function simulatedInstance(simulator: Simulator, tenant: string, own: Instance | undefined): Instance {
  const [simulated] = lintText(simulator.instanceFile(tenant)).instances;
  if (simulated === undefined) throw new Error("the simulator's own instance file cannot be read");
  if (own === undefined) return simulated;
  return { ...own, configuration: new Map([...own.configuration, ...simulated.configuration]) };
}

async function runInstances(
  instances: readonly Instance[],
  {
    values,
    settings,
    beforeEnd,
  }: {
    readonly values: Values;
    readonly settings: Omit<RuntimeOptions, 'instances' | 'references' | 'report'>;
    readonly beforeEnd?: (runtime: Runtime) => Promise<void>;
  },
  io: Io,
): Promise<ExitCode> {
  const { createRuntime } = await import('../runtime/create-runtime.ts');
  const log = createRuntimeLog(io);
  let failedPolls = 0;
  const report = (event: RuntimeEvent): void => {
    if (event.kind === 'poll-failed') failedPolls += 1;
    log(event);
  };
  const stop = new AbortController();
  using _ = stopOnInterrupt(stop, io);
  const { environment, workingDirectory } = io;
  const references = { environment, workingDirectory };
  await using runtime: Runtime = await createRuntime({ ...settings, instances, references, report });
  if (values.once !== true) {
    await runtime.run(stop.signal);
    await beforeEnd?.(runtime);
    return exitCodes.clean;
  }
  const { pendingEvents, deadNotifications } = await runtime.runOnce(stop.signal);
  await beforeEnd?.(runtime);
  return failedPolls + pendingEvents + deadNotifications === 0 ? exitCodes.clean : exitCodes.problems;
}

/** The first interrupt lets what is under way come to its end; the second ends the process as if nobody listened. */
function stopOnInterrupt(stop: AbortController, io: Io): Disposable {
  const interrupts = io.onInterrupt((signal) => {
    if (stop.signal.aborted) {
      interrupts[Symbol.dispose]();
      process.kill(process.pid, signal);
      return;
    }
    io.stderr.write('stopping; once more to stop at once\n');
    stop.abort();
  });
  return interrupts;
}
