import type { Instance } from '../model/model.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { systemClock } from '../sage/clock.ts';
import type { Clock } from '../sage/clock.ts';
import { openHttpClient } from '../sage/http.ts';
import type { HttpClient } from '../sage/http.ts';
import { openHttpDelivery } from './adapters/delivery/http.ts';
import { openSources } from './adapters/source/open-sources.ts';
import { buildInstancePlan } from './build-instance-plan.ts';
import { parseCrashPoint } from './crash-points.ts';
import type { Crash } from './crash-points.ts';
import type { InstanceChanges } from './compare-instances.ts';
import { dryDelivery } from './dry-run/dry-delivery.ts';
import { dryHttp } from './dry-run/dry-http.ts';
import { tellDecisions } from './dry-run/tell-decisions.ts';
import { fitToQuota } from './fit-to-quota.ts';
import { warnOfIdleGrants } from './observe/grant-state.ts';
import { findHindrances, monitorHealth } from './observe/health.ts';
import type { HealthMonitor } from './observe/health.ts';
import { serveHealth } from './observe/health-server.ts';
import type { HealthAddress } from './observe/health-server.ts';
import { createObservation } from './observe/observation.ts';
import type { Observation } from './observe/observation.ts';
import type { InstancePlan } from './poll-plan.ts';
import type { Source } from './ports/source.ts';
import type { Store } from './ports/store.ts';
import { createLoops } from './loops.ts';
import type { LoopParts } from './loops.ts';
import { createRunningInstances } from './running-instances.ts';
import { openDryStorage, openStorage } from './open-storage.ts';
import type { Runtime, RuntimeOptions } from './runtime.ts';
import { createTokenCipher } from './token-cipher.ts';
import type { TokenCipher } from './token-cipher.ts';
import { readTokenKey } from './token-key.ts';
import { defaultWorker } from './worker-options.ts';

/**
 * Opens the state and everything that works on it. Throws `SagecfgError` when something is missing or another process
 * has the state.
 */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const clock = options.clock ?? systemClock;
  const { environment } = options.references;
  const crash = options.crash ?? parseCrashPoint(environment['SAGECFG_CRASH_AT']);
  const observation = createObservation(options.report);
  const { report } = observation;
  const plan = (instances: readonly Instance[]): readonly InstancePlan[] => {
    const intervalOf = fitToQuota(instances, { ...options, report });
    const plans = planInstances(instances, intervalOf, options);
    observation.learn(plans);
    return plans;
  };
  const plans = plan(options.instances);
  await using opened = new AsyncDisposableStack();
  const cipher = createTokenCipher(readTokenKey({ ...options, environment }));
  const worker = options.worker ?? defaultWorker;
  const storagePorts = { ...options, clock, crash, cipher, report, worker, limits: options.budget };
  const { dryRun } = options;
  const open = dryRun === undefined ? openStorage : openDryStorage;
  const storage = opened.use(await open(options.store, storagePorts));
  const { store: bare, engine } = storage;
  const store = { ...bare, grants: observation.overGrants(bare.grants) };
  const sender = opened.use(openHttpDelivery(options.callback, clock.now));
  const delivery = observation.overDelivery(dryRun === undefined ? sender : dryDelivery(sender, dryRun));
  const http = opened.use(openHttpClient({ connectionsPerOrigin: options.budget.appInFlight }));
  const shared = { ...options, clock, crash, cipher, report, http: observation.overHttp(http) };
  const httpOf = ({ id }: InstancePlan): HttpClient =>
    dryRun === undefined ? shared.http : dryHttp(shared.http, { instance: id, dryRun, now: clock.now });
  const openBare = openSources({ ...shared, ...store, httpOf, budget: storage.budget });
  const openSource = (instance: InstancePlan): Source => observation.overSource(openBare(instance));
  const adjust = async (): Promise<void> => {
    await engine.adjust();
    await loops.settled();
  };
  const ports = { ...options, store, delivery, openSource, report, now: clock.now, adjust };
  const instances = opened.use(createRunningInstances(ports));
  const onDecision = dryRun === undefined ? undefined : tellDecisions(dryRun);
  const { lookAgain } = storage;
  const parts = {
    ...options,
    clock,
    crash,
    store,
    delivery,
    instances,
    engine,
    lookAgain,
    report,
    onDecision,
  };
  const loops = createLoops(parts);
  const instanceIds = (): readonly string[] => [...instances.byId.keys()];
  const health = opened.use(monitorHealth({ store, instanceIds, clock, backfill: loops.backfill }));
  if (options.health !== undefined)
    await serve(options.health, { ...shared, health, store, observation, opened });
  await instances.replace(plans);
  opened.use(warnOfIdleGrants({ health, report, now: clock.now }));
  const owned = opened.move();
  return {
    run: loops.run,
    runOnce: loops.runOnce,
    health: health.read,
    reload: (changed) => reload(plan(changed), parts),
    cutOff: async () => {
      report({ kind: 'cut-off' });
      await delivery[Symbol.asyncDispose]();
    },
    refreshesSettled: observation.refreshesSettled,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function reload(
  plans: readonly InstancePlan[],
  { instances, report }: Pick<LoopParts, 'instances' | 'report'>,
): Promise<InstanceChanges> {
  const changes = await instances.replace(plans);
  if (changes.added.length + changes.removed.length + changes.changed.length > 0)
    report({ kind: 'reloaded', ...changes });
  return changes;
}

async function serve(
  address: HealthAddress,
  {
    health,
    store,
    observation,
    opened,
    clock,
    budget: limits,
    report,
  }: Pick<Opening, 'clock' | 'budget' | 'report'> & {
    readonly health: HealthMonitor;
    readonly store: Store;
    readonly observation: Observation;
    readonly opened: AsyncDisposableStack;
  },
): Promise<void> {
  const { createMetrics } = await import('./observe/metrics.ts');
  const metrics = createMetrics({ readHealth: health.read, now: clock.now, limits });
  observation.countWith(metrics);
  const hindrances = (): Promise<readonly string[]> => findHindrances(health, store);
  const server = opened.use(await serveHealth(address, { hindrances, metrics: metrics.render }));
  report({ kind: 'health-served', url: server.url });
}

/** All that is wrong is told at once: a person with a thousand tenants does not want to start a thousand times. */
function planInstances(
  instances: RuntimeOptions['instances'],
  intervalOf: (instance: Instance) => number | undefined,
  { source, references, sage, hub, previousKeys }: RuntimeOptions,
): readonly InstancePlan[] {
  const refusals: SagecfgError[] = [];
  const plans = instances.flatMap((instance) => {
    try {
      const hubUrl = source === 'hub' ? hub?.baseUrl : undefined;
      const own = {
        source,
        references,
        intervalMs: intervalOf(instance),
        business: sage.business,
        previousKeys,
      };
      return [buildInstancePlan(instance, hubUrl === undefined ? own : { ...own, hubUrl })];
    } catch (error) {
      if (!(error instanceof SagecfgError)) throw error;
      refusals.push(error);
      return [];
    }
  });
  const [first] = refusals;
  if (first === undefined) return plans;
  throw new SagecfgError(first.code, refusals.map(({ message }) => message).join('\nsagecfg: '), {
    cause: first,
  });
}

type Opening = RuntimeOptions & {
  readonly clock: Clock;
  readonly crash: Crash;
  readonly cipher: TokenCipher;
  readonly http: HttpClient;
};
