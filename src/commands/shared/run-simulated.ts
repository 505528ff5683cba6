import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sageRequestFor } from '../../catalog/sage-request.ts';
import type { Io } from '../../io.ts';
import { lintText } from '../../lint/lint-text.ts';
import type { Entry, Instance } from '../../model/model.ts';
import { SagecfgError, type ExitCode } from '../../problem/sagecfg-error.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { RuntimeSettings } from '../../settings/settings.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { runDry } from './run-dry.ts';
import { runInstances } from './run-instances.ts';
import { backfillFrom } from './run-options.ts';
import type { RunValues } from './run-options.ts';
import { runtimeOptionsFrom } from './runtime-options.ts';

/** A made-up Sage in this process, with its own receiver: nothing that is polled, delivered or kept outlives it. */
export async function runWithSimulator(
  own: readonly Instance[] | undefined,
  { values, settings: ownSettings }: { readonly values: RunValues; readonly settings: RuntimeSettings },
  io: Io,
): Promise<ExitCode> {
  const { startSimulator } = await import('../../simulator/start-simulator.ts');
  const tenants = own?.map((_instance, index) => ({ name: `tenant-${index + 1}` })) ?? [{ name: 'north' }];
  const { resourceNames } = await import('../../simulator/world/resources/index.ts');
  const polled = own === undefined ? {} : { polled: resourcesOf(own, resourceNames) };
  await using simulator = await startSimulator({ tenants, changesPerSecond: 5, ...polled });
  const folder = await mkdtemp(join(tmpdir(), 'sagecfg-'));
  try {
    const addresses = { 'sage-base-url': simulator.sageUrl, 'sage-token-url': simulator.tokenUrl };
    const flags = { ...values, ...addresses, source: 'simulator', state: join(folder, 'state.db') };
    const settings = runtimeOptionsFrom(flags, ownSettings, io.workingDirectory);
    const instances = tenants.map(({ name }, index) => simulatedInstance(simulator, name, own?.[index]));
    const demonstration = {
      ...settings,
      intervalMs: settings.intervalMs ?? demonstrationIntervalMs,
      backfill: backfillFrom(values),
    };
    if (values['dry-run'] === true)
      return await runDry(instances, { values, settings: demonstration, mayRefresh: true }, io);
    const beforeEnd = (runtime: Runtime): Promise<void> => deliverRest(simulator, runtime);
    const exitCode = await runInstances(instances, { values, settings: demonstration, beforeEnd }, io);
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
  const names = instances.flatMap(({ poller }) => (poller?.entries ?? []).map(nameOf));
  const unknown = names.find((name) => !simulated.includes(name));
  if (unknown === undefined) return [...new Set(names)];
  const known = simulated.join(', ');
  throw new SagecfgError('usage', `the simulator has no ${JSON.stringify(unknown)}: it has ${known}`);
}

/** What the URL reads, whatever the entry calls it. */
function nameOf({ url, resource }: Entry): string {
  return (url && sageRequestFor(url.value).request?.resource.name) ?? resource.value;
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
