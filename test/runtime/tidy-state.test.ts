import { describe, expect, it } from 'vitest';
import { createAlarm } from '../../src/runtime/alarm.ts';
import { tidyRegularly, tidyState } from '../../src/runtime/tidy-state.ts';
import { watchInterventions } from '../../src/runtime/watch-interventions.ts';
import { systemClock } from '../../src/sage/clock.ts';
import { openStore } from './open-store.ts';
import { planPoll } from './poll/poll-plan.ts';

const neverStopped = new AbortController().signal;

describe('tidyState', () => {
  it('deletes what is older than it is to be kept, in as many goes as that takes', async () => {
    await using store = await openStore();
    const poll = planPoll();
    await store.polls.ensure(poll, { baseline: { kind: 'now' }, nowMs: 0 });
    const event = { type: 'UPDATED', reason: '', dateMs: 0, pollDateMs: 0, record: '{}' } as const;
    const names = Array.from({ length: 1200 }, (_each, index) => `e${index}`);
    await store.polls.commitPage({
      pollKey: poll.key,
      scan: 'changes',
      startsScan: true,
      objectIds: [],
      ledger: [],
      events: names.map((id) => ({ ...event, id, objectId: id })),
      checkpoint: undefined,
    });
    const query = { kind: 'new', instanceIds: [poll.instanceId], limit: 1200 } as const;
    const sequences = (await store.outbox.readUngrouped(query)).map(({ sequence }) => sequence);
    const body = Buffer.from('{}');
    const groups = [sequences.slice(0, 1100), sequences.slice(1100, 1150)];
    await store.outbox.addNotifications(
      groups.map((eventSequences, index) => ({
        id: `n${index}`,
        instanceId: poll.instanceId,
        body,
        eventSequences,
      })),
      0,
    );
    const attempt = { startedMs: 0, durationMs: 1, status: 200, failure: undefined, answer: undefined };
    await store.outbox.markDelivered([{ id: 'n0', attempt }], 0);
    await store.outbox.markDelivered([{ id: 'n1', attempt: { ...attempt, startedMs: 5000 } }], 5000);
    const retention = { deliveredMs: 1000, attemptsMs: 1000 };
    expect(await tidyState(store, { retention, nowMs: 5500, signal: neverStopped })).toBe(1101);
    expect(await store.outbox.counts()).toMatchObject({ pendingEvents: 50 });
    expect(await store.outbox.listEvents({ state: 'delivered' }, { limit: 100 })).toHaveLength(50);
    expect(await tidyState(store, { retention, nowMs: 5500, signal: neverStopped })).toBe(0);
  });

  it('is begun at once, and waited for at the end', async () => {
    const steps: string[] = [];
    {
      await using _tidy = tidyRegularly(async (signal) => {
        steps.push('begun');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        steps.push('ended');
      });
    }
    expect(steps).toEqual(['begun', 'ended']);
  });
});

it('notices that another process has resumed or replayed something', async () => {
  let count = 7;
  const noticed = Promise.withResolvers<void>();
  using _watch = watchInterventions({ interventions: async () => count }, async () => noticed.resolve());
  // Read once before it changes, or there would be nothing to compare with.
  await new Promise((resolve) => globalThis.setImmediate(resolve));
  count += 1;
  await expect(noticed.promise).resolves.toBeUndefined();
});

it('wakes whoever sleeps by an alarm, and lets others sleep on afterwards', async () => {
  const alarm = createAlarm(systemClock);
  const sleeping = [alarm.clock.sleep(3_600_000), alarm.clock.sleep(3_600_000, neverStopped)];
  alarm.ring();
  await Promise.all(sleeping);
  const stop = new AbortController();
  const next = alarm.clock.sleep(3_600_000, stop.signal);
  let isAwake = false;
  void next.then(() => (isAwake = true));
  await new Promise((resolve) => globalThis.setImmediate(resolve));
  expect(isAwake).toBe(false);
  stop.abort();
  await next;
});
