import { dirname } from 'node:path';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { systemClock } from '../sage/clock.ts';
import type { Clock } from '../sage/clock.ts';
import { openHttpClient } from '../sage/http.ts';
import { createRequestBudget } from '../sage/request-budget.ts';
import { openHttpDelivery } from './adapters/delivery/http.ts';
import { createEmbeddedEngine } from './adapters/engine/embedded.ts';
import { openSageSource } from './adapters/source/sage.ts';
import { openSqliteStore } from './adapters/store/sqlite.ts';
import { buildInstancePlan } from './build-instance-plan.ts';
import { checkAddress } from './check-address.ts';
import { parseCrashPoint } from './crash-points.ts';
import type { Crash } from './crash-points.ts';
import { runDelivery } from './deliver/run-delivery.ts';
import type { DeliveryRun } from './deliver/run-delivery.ts';
import { runPoll } from './poll/run-poll.ts';
import type { PollPorts } from './poll/run-poll.ts';
import type { InstancePlan, PollPlan } from './poll-plan.ts';
import type { Delivery } from './ports/delivery.ts';
import type { Engine, EngineWork } from './ports/engine.ts';
import type { Source } from './ports/source.ts';
import type { Store } from './ports/store.ts';
import { makePrivateFolder } from './private-files.ts';
import { runTogether } from './run-together.ts';
import type { Runtime, RuntimeOptions } from './runtime.ts';
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
  const crash = parseCrashPoint(environment['SAGECFG_CRASH_AT']);
  const instances = planInstances(options);
  await using opened = new AsyncDisposableStack();
  makePrivateFolder(dirname(options.stateFile));
  const cipher = createTokenCipher(readTokenKey({ ...options, environment }));
  const store = opened.use(openSqliteStore(options.stateFile, { cipher, crash }));
  const source = opened.use(openSource(instances, { ...options, clock, crash, cipher, store }));
  const delivery = opened.use(openHttpDelivery(options.callback, clock.now));
  await checkInstances(instances, { source, delivery, store });
  const parts: Parts = { ...options, clock, crash, store, source, delivery };
  await preparePolls(instances, parts);
  const runtime = assemble(instances, parts);
  const owned = opened.move();
  return { ...runtime, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function planInstances({ instances, references, intervalMs, sage }: RuntimeOptions): readonly InstancePlan[] {
  const plans = instances.map((instance) =>
    buildInstancePlan(instance, { references, intervalMs, business: sage.business }),
  );
  const names = new Set<string>();
  for (const { id } of plans) {
    if (names.has(id))
      throw new SagecfgError('refused', `two instances are called '${id}': give each its own 'name'`);
    names.add(id);
  }
  return plans;
}

type Opening = RuntimeOptions & {
  readonly clock: Clock;
  readonly crash: Crash;
  readonly cipher: TokenCipher;
  readonly store: Store;
};

function openSource(instances: readonly InstancePlan[], opening: Opening): Source {
  const { sage, budget, clock, crash, cipher, store, report } = opening;
  return openSageSource({
    instances,
    baseUrl: checkAddress(sage.baseUrl, 'runtime.sage.baseUrl'),
    tokenUrl: checkAddress(sage.tokenUrl, 'runtime.sage.tokenUrl'),
    grants: store.grants,
    cipher,
    http: openHttpClient({ connectionsPerOrigin: budget.appInFlight }),
    budget: createRequestBudget(budget, clock),
    clock,
    crash,
    report,
  });
}

async function checkInstances(
  instances: readonly InstancePlan[],
  {
    source,
    delivery,
    store,
  }: { readonly source: Source; readonly delivery: Delivery; readonly store: Store },
): Promise<void> {
  for (const { id, target, polls, credentials } of instances) {
    const refusal = delivery.refusal(target);
    if (refusal !== undefined)
      throw refused(id, `the callback '${target.url.origin}' cannot be used: ${refusal}`);
    for (const poll of polls) {
      const reason = source.refusal(poll);
      if (reason !== undefined) throw refused(id, `'${poll.resource}' cannot be polled: ${reason}`);
    }
    if (credentials.refreshToken === undefined && (await store.grants.read(id)) === undefined) {
      throw refused(id, "there is no grant in the state, and no 'oauth.user.refresh_token' to begin with");
    }
  }
}

function refused(id: string, why: string): SagecfgError {
  return new SagecfgError('refused', `instance '${id}': ${why}`);
}

async function preparePolls(
  instances: readonly InstancePlan[],
  { store, source, baseline, clock, report }: Parts,
): Promise<void> {
  for (const poll of instances.flatMap(({ polls }) => polls)) {
    await store.polls.ensure(poll, { baseline, nowMs: clock.now() });
    const sight = source.deletionSight(poll);
    if (sight.kind === 'blind') {
      report({ kind: 'poll-blind', instance: poll.instanceId, resource: poll.resource, why: sight.why });
    }
  }
}

type Parts = Omit<RuntimeOptions, 'source'> & {
  readonly clock: Clock;
  readonly crash: Crash;
  readonly store: Store;
  readonly source: Source;
  readonly delivery: Delivery;
};

function assemble(instances: readonly InstancePlan[], parts: Parts): Pick<Runtime, 'run' | 'runOnce'> {
  const { clock, store } = parts;
  const engine: Engine = createEmbeddedEngine(clock);
  const wakeUp = createWakeUp(clock);
  const work = workOn(instances, {
    ...parts,
    store: { ...store, polls: notifying(store.polls, wakeUp.notify) },
  });
  const deliveryRun: DeliveryRun = { ...parts, instances: byId(instances), wakeUp };
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

function workOn(instances: readonly InstancePlan[], parts: Parts): EngineWork {
  const { store, random = Math.random } = parts;
  const polls = instances.flatMap((instance) => instance.polls);
  const planByKey = new Map(polls.map((poll): [string, PollPlan] => [poll.key, poll]));
  const ports: PollPorts = { ...parts, random };
  return {
    polls,
    nextRunMs: async (key) => {
      const { isPaused, dueMs, notBeforeMs } = await store.polls.read(key);
      return isPaused ? undefined : Math.max(dueMs, notBeforeMs);
    },
    runPoll: async (key, signal) => {
      const plan = planByKey.get(key);
      if (plan !== undefined) await runPoll(plan, ports, signal);
    },
  };
}

function byId(instances: readonly InstancePlan[]): ReadonlyMap<string, InstancePlan> {
  return new Map(instances.map((instance) => [instance.id, instance]));
}
