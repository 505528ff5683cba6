import type { Clock } from '../sage/clock.ts';
import { createBackfills } from './backfills.ts';
import type { BackfillProgress } from './backfills.ts';
import type { Crash } from './crash-points.ts';
import { createEndpointGate } from './deliver/endpoint-gate.ts';
import type { NotificationForm } from './deliver/notification-form.ts';
import { runDelivery } from './deliver/run-delivery.ts';
import type { DeliveryRun } from './deliver/run-delivery.ts';
import { dueTime } from './poll/next-slot.ts';
import { runPoll } from './poll/run-poll.ts';
import type { PollPorts } from './poll/run-poll.ts';
import type { BackfillWindow } from './poll/backfill-window.ts';
import type { InstancePlan, PollPlan } from './poll-plan.ts';
import type { Delivery } from './ports/delivery.ts';
import type { BackfillWork, Engine, EnginePoll, EngineWork } from './ports/engine.ts';
import type { Store } from './ports/store.ts';
import { createQueues } from './queues.ts';
import type { Report } from './report.ts';
import type { RunningInstances } from './running-instances.ts';
import type { Runtime } from './runtime.ts';
import { defaultRetention, tidyRegularly, tidyState } from './tidy-state.ts';
import type { Retention } from './tidy-state.ts';
import { watchInterventions } from './watch-interventions.ts';
import { createWakeUp } from './wake-up.ts';

export interface LoopParts {
  readonly clock: Clock;
  readonly crash: Crash;
  readonly store: Store;
  readonly delivery: Delivery;
  readonly instances: RunningInstances;
  readonly engine: Engine;
  readonly report: Report;
  readonly overlapMs: number;
  readonly backfill?: BackfillWindow | undefined;
  readonly random?: () => number;
  readonly onDecision?: PollPorts['onDecision'];
  readonly notification?: NotificationForm | undefined;
  readonly retention?: Retention | undefined;
  /** Has the engine look at what is due. */
  readonly lookAgain: () => void;
}

/** What runs side by side: the polls, the backfill after them, and the delivery. */
export interface Loops extends Pick<Runtime, 'run' | 'runOnce'> {
  /** Undefined where nothing is read again. */
  readonly backfill: () => BackfillProgress | undefined;
  /** Resolves when the page of a backfill that is under way is done with. */
  readonly settled: () => Promise<void>;
}

export function createLoops(parts: LoopParts): Loops {
  const { clock, instances, engine, report } = parts;
  const wakeUp = createWakeUp(clock);
  const store = { ...parts.store, polls: notifying(parts.store.polls, wakeUp.notify) };
  const turns = createTurns();
  const ports: PollPorts = {
    ...parts,
    store,
    source: instances.source,
    random: parts.random ?? Math.random,
  };
  const endpoints = createEndpointGate({ store: store.endpoints, clock, report });
  const delivery: DeliveryRun = { ...parts, endpoints, instances: instances.byId, wakeUp };
  const backfill = createBackfills({
    ...ports,
    ...turns,
    window: parts.backfill,
    polls: instances.polls,
  });
  const work = workOn(instances, ports, { ...turns, delivery, backfill });
  const retention = parts.retention ?? defaultRetention;
  const tidy = (signal: AbortSignal): Promise<number> =>
    tidyState(store, { retention, nowMs: clock.now(), signal });
  const onIntervention = async (): Promise<void> => {
    report({ kind: 'resumed' });
    await endpoints.load();
    wakeUp.notify();
    parts.lookAgain();
  };
  return {
    run: async (signal) => {
      report({ kind: 'started', instances: instances.byId.size, polls: instances.polls().length });
      await endpoints.load();
      using _watch = watchInterventions(store, onIntervention);
      await using _tidy = tidyRegularly(tidy);
      await engine.run(work, signal);
    },
    runOnce: async (signal) => {
      await endpoints.load();
      await engine.runOnce(work, signal);
      await tidy(signal);
      return store.outbox.counts();
    },
    backfill: backfill.progress,
    settled: backfill.settled,
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

/** A poll and a backfill of one instance must not decide on its objects at the same time. */
interface Turns {
  readonly isBusy: (instanceId: string) => boolean;
  readonly inTurn: (instanceId: string, work: () => Promise<void>) => Promise<void>;
}

function createTurns(): Turns {
  const inQueue = createQueues();
  const busy = new Set<string>();
  return {
    isBusy: (instanceId) => busy.has(instanceId),
    inTurn: async (instanceId, work) => {
      await inQueue(instanceId, async () => {
        busy.add(instanceId);
        try {
          await work();
        } finally {
          busy.delete(instanceId);
        }
      });
    },
  };
}

function workOn(
  instances: RunningInstances,
  ports: PollPorts,
  {
    inTurn,
    delivery,
    backfill,
  }: Pick<Turns, 'inTurn'> & { readonly delivery: DeliveryRun; readonly backfill: BackfillWork },
): EngineWork {
  const { store } = ports;
  const withApp = (poll: PollPlan): EnginePoll => {
    const { key, instanceId, intervalMs } = poll;
    const app = instances.byId.get(instanceId)?.credentials?.clientId ?? '';
    const requests = instances.source.deletionSight(poll).kind === 'scan' ? 2 : 1;
    return { key, instanceId, intervalMs, app, requests };
  };
  return {
    polls: () => instances.polls().map(withApp),
    poll: (key) => {
      const plan = instances.poll(key);
      return plan === undefined ? undefined : withApp(plan);
    },
    instances: () => [...instances.byId.keys()],
    hasInstance: (id) => instances.byId.has(id),
    nextRunMs: async (key) => {
      const { isPaused, dueMs, notBeforeMs } = await store.polls.read(key);
      if (isPaused) return undefined;
      const { intervalMs = Infinity } = instances.poll(key) ?? {};
      return Math.max(dueTime(dueMs, intervalMs, ports.clock.now()), notBeforeMs);
    },
    runPoll: async (key, signal, polls = store.polls) => {
      const plan = instances.poll(key);
      const turn: PollPorts = { ...ports, store: { ...store, polls } };
      if (plan !== undefined) await inTurn(plan.instanceId, () => runPoll(plan, turn, signal));
    },
    deliver: (signal, { untilIdle, instanceId, outbox = store.outbox }) => {
      const only = instanceId === undefined ? instances.byId : onlyOne(instances, instanceId);
      const run = { ...delivery, store: { ...delivery.store, outbox }, instances: only };
      return runDelivery(run, signal, { untilIdle });
    },
    backfill,
  };
}

function onlyOne({ byId }: RunningInstances, id: string): ReadonlyMap<string, InstancePlan> {
  const plan = byId.get(id);
  return new Map(plan === undefined ? [] : [[id, plan]]);
}
