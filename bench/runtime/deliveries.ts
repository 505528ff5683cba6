import { Agent, request } from 'undici';
import { groupEvents } from '../../src/runtime/deliver/group-events.ts';
import { signatureHeaders } from '../../src/runtime/deliver/sign.ts';
import type { NewNotification } from '../../src/runtime/ports/outbox-store.ts';
import type { Store } from '../../src/runtime/ports/store.ts';
import type { InstancePlan } from '../../src/runtime/poll-plan.ts';
import {
  instancesFor,
  isDelivered,
  openWorkplace,
  pageOf,
  planOf,
  settlePolls,
  startReceiver,
} from './prepare.ts';

const instances = 8;
/** What `run` has under way at most, and the connections that it shares among them. */
const inFlight = 64;
const connections = 16;

export interface DeliveryRates {
  readonly bare: Rate;
  readonly runtime: Rate;
}

interface Rate {
  /** Notifications a second. */
  readonly perSecond: number;
  /** Processor time of this process for each, microseconds: what a busy machine does not change. */
  readonly processorMicros: number;
}

/**
 * Delivers the same notifications twice: by a loop that only signs and posts them, and by `run` from a state on disk,
 * `synchronous=FULL`, from committed events to written acceptances.
 */
export async function measureDeliveries(
  events: number,
  eventsPerNotification: 1 | 10,
): Promise<DeliveryRates> {
  await using receiver = await startReceiver();
  await using workplace = await openWorkplace();
  const configured = instancesFor(instances, { callbackUrl: receiver.url });
  const plans = configured.map(planOf);
  const fill = async (store: Store): Promise<void> => {
    await settlePolls(store, plans);
    const share = Math.ceil(events / instances);
    for (const { polls } of plans) {
      const [poll] = polls;
      if (poll === undefined) throw new Error('an instance without a poll');
      for (let first = 0; first < share; first += 200) {
        const count = Math.min(200, share - first);
        // Only events of one poll share a notification.
        await store.polls.commitPage(
          pageOf(poll.key, first, count, (index) => (eventsPerNotification === 1 ? index : 0)),
        );
      }
    }
  };
  await workplace.fill(fill);
  const byId = new Map(plans.map((plan) => [plan.id, plan]));
  const notifications = await notificationsOf(fill, byId);
  await runBare(notifications.slice(0, 500), byId);
  const bare = await runBare(notifications, byId);

  const done = Promise.withResolvers<void>();
  let left = notifications.length;
  const stop = new AbortController();
  await using runtime = await workplace.openRuntime(configured, {
    report: (event) => {
      if (isDelivered(event) && (left -= 1) === 0) done.resolve();
    },
  });
  const rate = startRate();
  const running = runtime.run(stop.signal);
  await Promise.race([done.promise, running]);
  const measured = rate(notifications.length);
  stop.abort();
  await running;
  return { bare, runtime: measured };
}

/** What `run` will send of such a state, made from another one like it. */
async function notificationsOf(
  fill: (store: Store) => Promise<void>,
  plans: ReadonlyMap<string, InstancePlan>,
): Promise<readonly NewNotification[]> {
  await using workplace = await openWorkplace();
  const all: NewNotification[] = [];
  await workplace.fill(async (store) => {
    await fill(store);
    for (;;) {
      // A read is bounded by what it takes in memory: what is left comes with the next.
      const query = { kind: 'new', instanceIds: [...plans.keys()], limit: 1000 } as const;
      const added = groupEvents(await store.outbox.readUngrouped(query), plans, Date.now());
      if (added.length === 0) break;
      await store.outbox.addNotifications(added, Date.now());
      all.push(...added);
    }
  });
  return all;
}

/**
 * Signs with the code that `run` signs with and posts by undici's `request`, as its documentation shows, with as many
 * under way and as many connections as `run` has; reads each answer to its end and keeps nothing. The bodies are in memory
 * when it starts, and five hundred were posted before, so that it is warm.
 */
async function runBare(
  notifications: readonly NewNotification[],
  plans: ReadonlyMap<string, InstancePlan>,
): Promise<Rate> {
  const agent = new Agent({ connections, pipelining: 1 });
  const queue = [...notifications];
  const rate = startRate();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const { target } = plans.get(next.instanceId) ?? {};
        if (target === undefined) throw new Error('a notification of no instance');
        const { id, body } = next;
        const signed = signatureHeaders({ id, body, key: target.signatureKey, timestampMs: Date.now() });
        const response = await request(target.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...signed },
          body,
          dispatcher: agent,
        });
        await response.body.dump();
      }
    }),
  );
  const measured = rate(notifications.length);
  await agent.destroy();
  return measured;
}

function startRate(): (notifications: number) => Rate {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  return (notifications) => {
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - startedMs) / 1000;
    return { perSecond: notifications / seconds, processorMicros: (user + system) / notifications };
  };
}
