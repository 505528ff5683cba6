import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createEndpointGate } from '../../../src/runtime/deliver/endpoint-gate.ts';
import { retrySeconds } from '../../../src/runtime/deliver/retry-schedule.ts';
import { runDelivery } from '../../../src/runtime/deliver/run-delivery.ts';
import type { DeliveryOutcome } from '../../../src/runtime/ports/delivery.ts';
import type { NewEvent } from '../../../src/runtime/ports/event.ts';
import type { OutboxCounts } from '../../../src/runtime/ports/outbox-store.ts';
import type { Store } from '../../../src/runtime/ports/store.ts';
import type { RuntimeEvent } from '../../../src/runtime/report.ts';
import { createWakeUp } from '../../../src/runtime/wake-up.ts';
import { planPoll } from '../poll/poll-plan.ts';
import { openStore } from '../open-store.ts';
import { createVirtualClock } from '../virtual-clock.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { planInstance } from './instance-plan.ts';

interface Sent {
  readonly objects: readonly string[];
  readonly atMs: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Scene extends AsyncDisposable {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly sent: Sent[];
  readonly reports: RuntimeEvent[];
  /** One poll's events, each named by object and version: `a1`. */
  readonly addPoll: (...versions: readonly string[]) => Promise<void>;
  /** Delivers until nothing is due. */
  readonly deliver: (signal?: AbortSignal) => Promise<OutboxCounts>;
}

const accepted: DeliveryOutcome = { kind: 'accepted', status: 200 };
const refused = (status: number): DeliveryOutcome => ({ kind: 'rejected', status });

async function openScene(answer: (sent: Sent) => DeliveryOutcome): Promise<Scene> {
  const store = await openStore();
  const clock = createVirtualClock();
  const startMs = clock.now();
  const instance = planInstance();
  const poll = planPoll();
  const sent: Sent[] = [];
  const reports: RuntimeEvent[] = [];
  await store.polls.ensure(poll, { baseline: { kind: 'now' }, nowMs: 0 });
  const delivery = {
    refusal: () => undefined,
    send: async ({
      body,
      headers,
    }: {
      readonly body: Uint8Array;
      readonly headers: Record<string, string>;
    }) => {
      const text = Buffer.from(body).toString();
      const sending = { objects: objectsIn(text), atMs: clock.now() - startMs, body: text, headers };
      sent.push(sending);
      return answer(sending);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  const report = (event: RuntimeEvent): number => reports.push(event);
  const ports = { store, clock, delivery, report, crash: () => undefined };
  const endpoints = createEndpointGate({ store: store.endpoints, clock, report });
  const run = {
    ...ports,
    endpoints,
    instances: new Map([[instance.id, instance]]),
    wakeUp: createWakeUp(clock),
  };
  let polls = 0;
  return {
    store,
    clock,
    sent,
    reports,
    addPoll: async (...versions) => {
      polls += 1;
      const events = versions.map((version) => toEvent(version, polls));
      const page = {
        scan: 'changes',
        startsScan: true,
        objectIds: [],
        ledger: [],
        checkpoint: undefined,
      } as const;
      await store.polls.commitPage({ ...page, pollKey: poll.key, events });
    },
    deliver: async (signal = new AbortController().signal) => {
      await endpoints.load();
      await runDelivery(run, signal, { untilIdle: true });
      return store.outbox.counts();
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

function toEvent(version: string, poll: number): NewEvent {
  const [objectId = ''] = version;
  const record = JSON.stringify({ id: objectId, version });
  return { id: version, objectId, type: 'UPDATED', reason: '', dateMs: 0, pollDateMs: poll * 1000, record };
}

/** So many, each of one letter. */
function objectIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(0x4e00 + index));
}

/** The versions that a body carries. */
function objectsIn(body: string): readonly string[] {
  const { message } = JSON.parse(body) as { message: { raw: { customers: { version: string }[] } } }; // rendered by the code under test
  return message.raw.customers.map(({ version }) => version);
}

const objects = ({ sent }: Scene): unknown => sent.map((sending) => sending.objects);

describe('delivery', () => {
  it('sends what is new, in bodies of ten, and then has nothing left', async () => {
    await using scene = await openScene(() => accepted);
    await scene.addPoll(...'abcdefghijkl');
    expect(await scene.deliver()).toEqual({
      pendingEvents: 0,
      pendingNotifications: 0,
      deadNotifications: 0,
    });
    expect(scene.sent.map((sending) => sending.objects.length)).toEqual([10, 2]);
    expect(scene.reports).toMatchObject([
      { kind: 'notification-delivered', events: 10, attempt: 1 },
      { events: 2 },
    ]);
  });

  it('makes bodies of a backlog bit by bit, when there is room for more, and sends all of it', async () => {
    const waiting: Promise<OutboxCounts>[] = [];
    await using scene = await openScene(() => {
      waiting.push(scene.store.outbox.counts());
      return accepted;
    });
    const all = objectIds(2000);
    await scene.addPoll(...all);
    expect(await scene.deliver()).toMatchObject({ pendingEvents: 0, pendingNotifications: 0 });
    expect(new Set(scene.sent.flatMap((sending) => sending.objects))).toEqual(new Set(all));
    const made = (await Promise.all(waiting)).map(({ pendingNotifications }) => pendingNotifications);
    expect(made).toHaveLength(200);
    expect(Math.max(...made)).toBeLessThan(100);
  });

  it('sends the next one before the acceptance of those before it is written', async () => {
    const written: number[] = [];
    await using scene = await openScene(() => {
      written.push(scene.reports.length);
      return accepted;
    });
    await scene.addPoll(...objectIds(200));
    await scene.deliver();
    expect(written).toHaveLength(20);
    // There are places for eight.
    expect(written[8]).toBe(0);
  });

  it('first asks whether it may, when the process stood still', async () => {
    const written: number[] = [];
    await using scene = await openScene(() => {
      written.push(scene.reports.length);
      scene.clock.advance(60_000);
      return accepted;
    });
    await scene.addPoll(...objectIds(200));
    await scene.deliver();
    expect(written).toHaveLength(20);
    expect(written[8]).toBe(8);
  });

  it('starts no other when it is to end', async () => {
    const stop = new AbortController();
    await using scene = await openScene(() => {
      stop.abort();
      return accepted;
    });
    await scene.addPoll(...objectIds(200));
    const { pendingEvents } = await scene.deliver(stop.signal);
    expect(scene.sent).toHaveLength(8);
    expect(pendingEvents).toBe(120);
  });

  it('tries again by the table, the same bytes under the same id, newly signed, and then gives up', async () => {
    await using scene = await openScene(() => refused(503));
    await scene.addPoll('a1', 'b1');
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await scene.deliver();
      scene.clock.advance(400_000_000 * (attempt > 10 ? 1 : 0));
      const failed = scene.reports.at(-1);
      if (failed?.kind === 'notification-failed') scene.clock.advance(failed.retryAtMs - scene.clock.now());
    }
    expect(scene.sent.map(({ atMs }) => atMs / 1000)).toEqual([0, ...retrySeconds]);
    expect(new Set(scene.sent.map(({ body }) => body)).size).toBe(1);
    expect(new Set(scene.sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(scene.sent.map(({ headers }) => headers['webhook-signature'])).size).toBe(10);
    expect(scene.reports.at(-1)).toMatchObject({ kind: 'notification-dead', attempt: 10 });
    expect(await scene.deliver()).toMatchObject({ pendingEvents: 0, deadNotifications: 1 });
  });

  it('waits as long as the receiver asks', async () => {
    await using scene = await openScene(() => ({ kind: 'rejected', status: 429, retryAfterMs: 90_000 }));
    await scene.addPoll('a1');
    await scene.deliver();
    const retryAtMs = scene.clock.now() + 90_000;
    expect(scene.reports).toMatchObject([
      { kind: 'endpoint-opened', retryAtMs },
      { kind: 'notification-failed', retryAtMs },
    ]);
  });

  it('keeps the order of an object, and lets others pass', async () => {
    let isDown = true;
    await using scene = await openScene(({ objects: inBody }) =>
      isDown && inBody.includes('a1') ? { kind: 'unreachable', reason: 'down' } : accepted,
    );
    await scene.addPoll('a1');
    await scene.addPoll('a2');
    await scene.addPoll('b1');
    await scene.deliver();
    expect(objects(scene)).toEqual([['a1'], ['b1']]);
    isDown = false;
    scene.clock.advance(4000);
    await scene.deliver();
    expect(objects(scene)).toEqual([['a1'], ['b1'], ['a1'], ['a2']]);
  });

  it('splits what is refused until the refused object is alone, which then holds back only itself', async () => {
    await using scene = await openScene(({ objects: inBody }) =>
      inBody.includes('d1') ? refused(422) : accepted,
    );
    await scene.addPoll('a1', 'b1', 'c1', 'd1', 'e1');
    await scene.addPoll('d2', 'e2');
    await scene.deliver();
    scene.clock.advance(4000);
    const counts = await scene.deliver();
    const delivered = scene.sent
      .filter((sending) => !sending.objects.includes('d1'))
      .flatMap((sending) => sending.objects);
    expect(delivered.toSorted()).toEqual(['a1', 'b1', 'c1', 'e1', 'e2']);
    expect(scene.sent.map((sending) => sending.objects)).toContainEqual(['d1']);
    expect(counts).toMatchObject({ pendingEvents: 2, pendingNotifications: 1 });
  });

  it('does not split for trouble that splitting cannot help', async () => {
    await using scene = await openScene(() => refused(503));
    await scene.addPoll('a1', 'b1');
    await scene.deliver();
    scene.clock.advance(4000);
    await scene.deliver();
    expect(objects(scene)).toEqual([
      ['a1', 'b1'],
      ['a1', 'b1'],
    ]);
  });

  it('signs what it sends', async () => {
    await using scene = await openScene(() => accepted);
    scene.clock.advance(Date.now() - scene.clock.now());
    await scene.addPoll('a1');
    await scene.deliver();
    const [sending] = scene.sent;
    const webhook = new Webhook('signature key', { format: 'raw' });
    expect(webhook.verify(sending?.body ?? '', sending?.headers ?? {})).toMatchObject({ action: 'create' });
  });

  it('leaves a receiver alone when most fails, tries one after half a minute, and goes on with the first success', async () => {
    let isDown = true;
    await using scene = await openScene(() =>
      isDown ? { kind: 'unreachable', reason: 'connection refused' } : accepted,
    );
    for (const name of 'abcdefghijklmnop') await scene.addPoll(`${name}1`);
    await scene.deliver();
    const beforeOpen = scene.sent.length;
    expect(beforeOpen).toBeGreaterThanOrEqual(10);
    expect(beforeOpen).toBeLessThan(16 + 8);
    expect(scene.reports).toContainEqual(
      expect.objectContaining({ kind: 'endpoint-opened', reason: 'connection refused' }),
    );
    scene.clock.advance(29_000);
    await scene.deliver();
    expect(scene.sent).toHaveLength(beforeOpen);
    scene.clock.advance(2000);
    await scene.deliver();
    expect(scene.sent).toHaveLength(beforeOpen + 1);
    isDown = false;
    scene.clock.advance(31_000);
    expect(await scene.deliver()).toMatchObject({ pendingEvents: 0, deadNotifications: 0 });
    expect(scene.reports).toContainEqual(expect.objectContaining({ kind: 'endpoint-closed' }));
    const [endpoint] = await scene.store.endpoints.list();
    expect(endpoint).toMatchObject({ state: 'closed', reason: undefined, failingSinceMs: undefined });
  });

  it('sends nothing more to a receiver that is gone, and all of it when somebody resumes', async () => {
    let isGone = true;
    await using scene = await openScene(() => (isGone ? refused(410) : accepted));
    const endpoint = 'https://receiver.example.com/hook';
    await scene.store.endpoints.assign([{ instanceId: 'acme', endpoint }], 0);
    await scene.addPoll('a1');
    await scene.deliver();
    await scene.addPoll('b1');
    scene.clock.advance(3_600_000);
    expect(await scene.deliver()).toMatchObject({ pendingEvents: 2, deadNotifications: 0 });
    expect(objects(scene)).toEqual([['a1']]);
    expect(scene.reports).toContainEqual({
      kind: 'endpoint-disabled',
      endpoint,
      reason: 'the receiver answered 410: it is gone',
    });
    isGone = false;
    expect(await scene.store.endpoints.resume({}, scene.clock.now())).toEqual([endpoint]);
    expect(await scene.deliver()).toMatchObject({ pendingEvents: 0 });
  });

  it('keeps what a receiver answered, without the secrets that it was sent', async () => {
    const answer = 'who is "signature key"? Authorization: Basic dXNlcjpwYXNz';
    await using scene = await openScene(() => ({ kind: 'rejected', status: 503, answer }));
    await scene.addPoll('a1');
    await scene.deliver();
    expect((await scene.store.outbox.readEvent('a1'))?.attempts).toMatchObject([
      {
        startedMs: expect.any(Number),
        status: 503,
        failure: 'the receiver answered 503',
        answer: 'who is "[redacted]"? Authorization: Basic [redacted]',
      },
    ]);
  });

  it('delivers anew under the same event ids in another notification, after what is new', async () => {
    await using scene = await openScene(() => accepted);
    await scene.addPoll('a1');
    await scene.deliver();
    expect(await scene.store.outbox.replay({ ids: ['a1'] })).toBe(1);
    await scene.addPoll('b1');
    await scene.deliver();
    expect(objects(scene)).toEqual([['a1'], ['b1'], ['a1']]);
    const [first, , again] = scene.sent.map(({ body, headers }) => ({
      notification: headers['webhook-id'],
      event: (JSON.parse(body) as { message: { events: { eventId: string }[] } }).message.events[0]?.eventId,
    }));
    expect(again?.event).toBe(first?.event);
    expect(again?.notification).not.toBe(first?.notification);
  });

  it('ends with the error when the state cannot be written', async () => {
    await using scene = await openScene(() => {
      throw new Error('a bug in the adapter');
    });
    await scene.addPoll('a1');
    await expect(scene.deliver()).rejects.toThrow('a bug in the adapter');
  });
});
