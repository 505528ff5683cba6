import { systemClock } from '../sage/clock.ts';
import type { Clock } from '../sage/clock.ts';
import { openHttpClient } from '../sage/http.ts';
import { createRequestBudget } from '../sage/request-budget.ts';
import { openHttpDelivery } from './adapters/delivery/http.ts';
import { createEmbeddedEngine } from './adapters/engine/embedded.ts';
import { openSageSource } from './adapters/source/sage.ts';
import { listSqliteGrants, openSqliteStore } from './adapters/store/sqlite.ts';
import { buildInstancePlan } from './build-instance-plan.ts';
import { checkAddress } from './check-address.ts';
import { parseCrashPoint } from './crash-points.ts';
import type { Crash } from './crash-points.ts';
import { runDelivery } from './deliver/run-delivery.ts';
import type { DeliveryRun } from './deliver/run-delivery.ts';
import { runPoll } from './poll/run-poll.ts';
import type { PollPorts } from './poll/run-poll.ts';
import type { InstancePlan } from './poll-plan.ts';
import type { Delivery } from './ports/delivery.ts';
import type { Engine, EngineWork } from './ports/engine.ts';
import type { Source } from './ports/source.ts';
import type { GrantSummary, Store } from './ports/store.ts';
import { createRunningInstances } from './running-instances.ts';
import type { RunningInstances } from './running-instances.ts';
import { runTogether } from './run-together.ts';
import type { OpenState, Runtime, RuntimeOptions } from './runtime.ts';
import type { StoreAddress } from './store-address.ts';
import { createTokenCipher } from './token-cipher.ts';
import type { TokenCipher } from './token-cipher.ts';
import { readTokenKey } from './token-key.ts';
import { createWakeUp } from './wake-up.ts';

/**
 * Opens the state and everything that works on it. Throws `SagecfgError` when something is missing or another process
 * has the state.
 */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const clock = options.clock ?? systemClock;
  const { environment } = options.references;
  const crash = options.crash ?? parseCrashPoint(environment['SAGECFG_CRASH_AT']);
  const plans = planInstances(options.instances, options);
  await using opened = new AsyncDisposableStack();
  const cipher = createTokenCipher(readTokenKey({ ...options, environment }));
  const store = opened.use(openStore(options.store, { cipher, crash }));
  const engine = openEngine(options.store, { clock });
  const delivery = opened.use(openHttpDelivery(options.callback, clock.now));
  const openSource = opened.use(
    prepareSources({ ...options, clock, crash, cipher, grants: store.grants }),
  ).open;
  const ports = { ...options, store, delivery, openSource, now: clock.now, adjust: engine.adjust };
  const instances = opened.use(createRunningInstances(ports));
  await instances.replace(plans);
  const runtime = assemble({ ...options, clock, crash, store, delivery, instances, engine });
  const owned = opened.move();
  return {
    ...runtime,
    reload: async (changed) => instances.replace(planInstances(changed, options)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Opens the state without running anything, for as long as no other process has it. */
export function openState({
  store: address,
  source,
  references: { environment },
}: Pick<RuntimeOptions, 'store' | 'source' | 'references'>): OpenState {
  const cipher = createTokenCipher(readTokenKey({ environment, store: address, source }));
  const crash = parseCrashPoint(environment['SAGECFG_CRASH_AT']);
  const store = openStore(address, { cipher, crash });
  return { store, cipher, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

/** Every grant of the state, without a key and beside a `run` that has it; none where there is no state. */
export async function listGrants({ file }: StoreAddress): Promise<readonly GrantSummary[]> {
  return listSqliteGrants(file);
}

/** The one place that knows which kinds of store there are. */
function openStore(
  address: StoreAddress,
  ports: { readonly cipher: TokenCipher; readonly crash: Crash },
): Store {
  return openSqliteStore(address.file, ports);
}

/** The engine that belongs to a store. */
function openEngine(_address: StoreAddress, { clock }: { readonly clock: Clock }): Engine {
  return createEmbeddedEngine(clock);
}

function planInstances(
  instances: RuntimeOptions['instances'],
  { references, intervalMs, sage }: RuntimeOptions,
): readonly InstancePlan[] {
  return instances.map((instance) =>
    buildInstancePlan(instance, { references, intervalMs, business: sage.business }),
  );
}

type Opening = RuntimeOptions & {
  readonly clock: Clock;
  readonly crash: Crash;
  readonly cipher: TokenCipher;
  readonly grants: Store['grants'];
};

/** What the sources of all instances share, and the one place that chooses an instance's kind of source. */
function prepareSources(opening: Opening): AsyncDisposable & { open: (plan: InstancePlan) => Source } {
  const { sage, budget: limits, clock } = opening;
  const http = openHttpClient({ connectionsPerOrigin: limits.appInFlight });
  const shared = {
    ...opening,
    baseUrl: checkAddress(sage.baseUrl, 'runtime.sage.baseUrl'),
    tokenUrl: checkAddress(sage.tokenUrl, 'runtime.sage.tokenUrl'),
    http,
    budget: createRequestBudget(limits, clock),
  };
  return {
    open: (plan) => openSageSource(plan, shared),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

type Parts = Omit<RuntimeOptions, 'source' | 'store' | 'instances'> & {
  readonly clock: Clock;
  readonly crash: Crash;
  readonly store: Store;
  readonly delivery: Delivery;
  readonly instances: RunningInstances;
  readonly engine: Engine;
};

function assemble(parts: Parts): Pick<Runtime, 'run' | 'runOnce'> {
  const { clock, store, instances, engine } = parts;
  const wakeUp = createWakeUp(clock);
  const work = workOn({ ...parts, store: { ...store, polls: notifying(store.polls, wakeUp.notify) } });
  const deliveryRun: DeliveryRun = { ...parts, instances: instances.byId, wakeUp };
  return {
    run: (signal) =>
      runTogether(
        [(stop) => engine.run(work, stop), (stop) => runDelivery(deliveryRun, stop, { untilIdle: false })],
        signal,
      ),
    runOnce: async (signal) => {
      await engine.runOnce(work, signal);
      await runDelivery(deliveryRun, signal, { untilIdle: true });
      return store.outbox.counts();
    },
  };
}

/** Tells the delivery of new events as soon as they are committed. */
function notifying(polls: Store['polls'], notify: () => void): Store['polls'] {
  return {
    ...polls,
    commitPage: async (commit) => {
      await polls.commitPage(commit);
      if (commit.events.length > 0) notify();
    },
  };
}

function workOn(parts: Parts): EngineWork {
  const { store, instances, random = Math.random } = parts;
  const ports: PollPorts = { ...parts, source: instances.source, random };
  return {
    polls: instances.polls,
    nextRunMs: async (key) => {
      const { isPaused, dueMs, notBeforeMs } = await store.polls.read(key);
      return isPaused ? undefined : Math.max(dueMs, notBeforeMs);
    },
    runPoll: async (key, signal) => {
      const plan = instances.poll(key);
      if (plan !== undefined) await runPoll(plan, ports, signal);
    },
  };
}
