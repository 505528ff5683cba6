import type { Instance } from '../model/model.ts';
import { systemClock } from '../sage/clock.ts';
import type { Clock } from '../sage/clock.ts';
import { openHttpClient } from '../sage/http.ts';
import type { HttpClient } from '../sage/http.ts';
import { openHttpDelivery } from './adapters/delivery/http.ts';
import { openSources } from './adapters/source/open-sources.ts';
import type { SourcesOptions } from './adapters/source/open-sources.ts';
import { parseCrashPoint } from './crash-points.ts';
import type { Crash } from './crash-points.ts';
import { isUnchanged } from './compare-instances.ts';
import { dryDelivery } from './dry-run/dry-delivery.ts';
import { dryHttp } from './dry-run/dry-http.ts';
import { tellDecisions } from './dry-run/tell-decisions.ts';
import { createLoops } from './loops.ts';
import type { Loops } from './loops.ts';
import { warnOfIdleGrants } from './observe/grant-state.ts';
import { monitorHealth } from './observe/health.ts';
import type { HealthMonitor } from './observe/health.ts';
import { readObservedRequests } from './observe/observed-requests.ts';
import { createObservation } from './observe/observation.ts';
import type { Observation } from './observe/observation.ts';
import { serveObserved } from './observe/serve-observed.ts';
import { openDryStorage, openStorage } from './open-storage.ts';
import type { Storage } from './open-storage.ts';
import { planInstances } from './plan-instances.ts';
import type { InstancePlan } from './poll-plan.ts';
import type { Delivery } from './ports/delivery.ts';
import type { Source } from './ports/source.ts';
import type { Store } from './ports/store.ts';
import { createRunningInstances } from './running-instances.ts';
import type { RunningInstances } from './running-instances.ts';
import type { Runtime, RuntimeOptions } from './runtime.ts';
import { createTokenCipher } from './token-cipher.ts';
import { readTokenKey } from './token-key.ts';
import { defaultWorker } from './worker-options.ts';

/** Without the instances: what is known of their files takes ten times the room of their plans, and is read no more. */
type Options = Omit<RuntimeOptions, 'instances'> & {
  readonly clock: Clock;
  readonly crash: Crash;
  readonly observation: Observation;
};

/**
 * Opens the state and everything that works on it. Throws `SagecfgError` when something is missing or another process
 * has the state.
 */
export async function createRuntime({ instances, ...given }: RuntimeOptions): Promise<Runtime> {
  const observation = createObservation(given.report);
  const options: Options = {
    ...given,
    clock: given.clock ?? systemClock,
    crash: given.crash ?? parseCrashPoint(given.references.environment['SAGECFG_CRASH_AT']),
    observation,
    report: observation.report,
  };
  // Tells what is wrong before anything is opened.
  planInstances(instances, { ...options, quota: 'warn' });
  await using opened = new AsyncDisposableStack();
  const parts = await openParts(options, opened);
  if (options.health !== undefined)
    opened.use(await serveObserved(options.health, { ...options, ...parts, limits: options.budget }));
  await parts.patiently(async () =>
    parts.instances.replace(await planFitting(instances, options, parts.store)),
  );
  opened.use(warnOfIdleGrants({ ...parts, report: options.report, now: options.clock.now }));
  return runtimeOf(parts, options, opened.move());
}

/** With intervals that fit, where that is asked for, by what the latest polls took. */
async function planFitting(
  instances: readonly Instance[],
  options: Options,
  store: Store,
): Promise<readonly InstancePlan[]> {
  const isAsked = options.quota !== undefined && options.quota !== 'warn';
  const observed = isAsked ? await readObservedRequests(store) : undefined;
  return planInstances(instances, { ...options, observed });
}

interface OpenParts {
  readonly store: Store;
  readonly delivery: Delivery;
  readonly instances: RunningInstances;
  readonly loops: Loops;
  readonly health: HealthMonitor;
  readonly patiently: Storage['patiently'];
}

async function openParts(options: Options, opened: AsyncDisposableStack): Promise<OpenParts> {
  const { clock, report, observation, dryRun } = options;
  const { environment } = options.references;
  const cipher = createTokenCipher(readTokenKey({ ...options, environment }));
  const worker = options.worker ?? defaultWorker;
  const open = dryRun === undefined ? openStorage : openDryStorage;
  const storagePorts = { ...options, cipher, worker, limits: options.budget };
  const storage = opened.use(await open(options.store, storagePorts));
  const { engine, lookAgain, patiently } = storage;
  const store = { ...storage.store, grants: observation.overGrants(storage.store.grants) };
  const delivery = openDelivery(options, opened);
  const openSource = prepareSources(
    { ...options, ...store, cipher, budget: storage.budget },
    options,
    opened,
  );
  const adjust = async (): Promise<void> => {
    await engine.adjust();
    await loops.settled();
  };
  const ports = { ...options, store, delivery, openSource, now: clock.now, adjust };
  const instances = opened.use(createRunningInstances(ports));
  const onDecision = dryRun === undefined ? undefined : tellDecisions(dryRun);
  const loops = createLoops({
    ...options,
    store,
    delivery,
    instances,
    engine,
    lookAgain,
    onDecision,
    report,
  });
  const instanceIds = (): readonly string[] => [...instances.byId.keys()];
  const health = opened.use(monitorHealth({ store, instanceIds, clock, backfill: loops.backfill }));
  return { store, delivery, instances, loops, health, patiently };
}

function openDelivery(
  { callback, clock, observation, dryRun }: Options,
  opened: AsyncDisposableStack,
): Delivery {
  const sender = opened.use(openHttpDelivery(callback, clock.now));
  return observation.overDelivery(dryRun === undefined ? sender : dryDelivery(sender, dryRun));
}

function prepareSources(
  shared: Omit<SourcesOptions, 'httpOf'>,
  { clock, observation, dryRun, budget }: Options,
  opened: AsyncDisposableStack,
): (instance: InstancePlan) => Source {
  const http = observation.overHttp(opened.use(openHttpClient({ connectionsPerOrigin: budget.appInFlight })));
  const httpOf = ({ id }: InstancePlan): HttpClient =>
    dryRun === undefined ? http : dryHttp(http, { instance: id, dryRun, now: clock.now });
  const open = openSources({ ...shared, httpOf });
  return (instance) => observation.overSource(open(instance));
}

function runtimeOf(
  { loops, health, instances, delivery, store }: OpenParts,
  options: Options,
  owned: AsyncDisposableStack,
): Runtime {
  const { report, observation } = options;
  return {
    run: loops.run,
    runOnce: loops.runOnce,
    health: health.read,
    reload: async (changed) => {
      const changes = await instances.replace(await planFitting(changed, options, store));
      if (!isUnchanged(changes)) report({ kind: 'reloaded', ...changes });
      return changes;
    },
    cutOff: async () => {
      report({ kind: 'cut-off' });
      await delivery[Symbol.asyncDispose]();
    },
    refreshesSettled: observation.refreshesSettled,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
