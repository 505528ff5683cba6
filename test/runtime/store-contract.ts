import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import type { EndpointState } from '../../src/runtime/ports/endpoint-store.ts';
import type { NewEvent } from '../../src/runtime/ports/event.ts';
import type { Attempt } from '../../src/runtime/ports/outbox-store.ts';
import type { Checkpoint, LedgerEntry, PageCommit } from '../../src/runtime/ports/poll-store.ts';
import type { Store } from '../../src/runtime/ports/store.ts';
import { renderNotification } from '../../src/runtime/deliver/envelope.ts';
import type { StateRecord } from '../../src/runtime/state-record.ts';
import { planInstance } from './deliver/instance-plan.ts';

export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  /** Closes the store and opens it again, as after the end of a process. */
  readonly reopen: () => Promise<Store>;
}

const poll = { key: 'acme/customers', instanceId: 'acme', resource: 'customers' };
const start = { baseline: { kind: 'now' }, nowMs: 1000 } as const;
const checkpoint: Checkpoint = {
  signpostMs: 5000,
  sinceMs: 4000,
  pageSize: 200,
  cursor: '/contacts?page=2',
  collected: 200,
  distinct: 199,
  firstTotal: 300,
  highestTotal: 301,
  restarts: 1,
  isUnstable: false,
  pageMark: 'mark',
  planMark: 'plan',
  savedMs: 6000,
};

const accepted: Attempt = {
  startedMs: 10,
  durationMs: 5,
  status: 200,
  failure: undefined,
  answer: undefined,
};
const failed: Attempt = {
  startedMs: 10,
  durationMs: 5,
  status: 503,
  failure: 'the receiver answered 503',
  answer: 'down',
};

function entry(objectId: string, differences: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    objectId,
    updatedMs: 4500,
    hash: 'h1',
    isDeleted: false,
    revision: 0,
    earlierHashes: [],
    ...differences,
  };
}

function event(id: string, objectId = id): NewEvent {
  return {
    id,
    objectId,
    type: 'CREATED',
    reason: 'new',
    dateMs: 4500,
    pollDateMs: 5000,
    record: `{"id":"${objectId}"}`,
  };
}

function page(differences: Partial<PageCommit> = {}): PageCommit {
  return {
    pollKey: poll.key,
    scan: 'changes',
    startsScan: true,
    objectIds: [],
    ledger: [],
    events: [],
    checkpoint: undefined,
    ...differences,
  };
}

async function withEvents(store: Store, ...events: readonly NewEvent[]): Promise<void> {
  await store.polls.ensure(poll, start);
  await store.polls.commitPage(page({ events }));
}

/** Puts each group of events, named by their ids, into a notification with the name of the group. */
async function group(
  store: Store,
  groups: Readonly<Record<string, readonly string[]>>,
  nowMs = 0,
): Promise<void> {
  const events = await store.outbox.readUngrouped({ kind: 'new', instanceIds: ['acme'], limit: 100 });
  const sequenceOf = new Map(events.map(({ id, sequence }) => [id, sequence]));
  const notifications = Object.entries(groups).map(([id, ids]) => ({
    id,
    instanceId: 'acme',
    body: Buffer.from(`body of ${id}`),
    eventSequences: ids.map((eventId) => sequenceOf.get(eventId) ?? -1),
  }));
  await store.outbox.addNotifications(notifications, nowMs);
}

async function dueIds(
  store: Store,
  nowMs: number,
  inFlight: readonly string[] = [],
): Promise<readonly string[]> {
  const due = await store.outbox.readDue({ nowMs, instanceIds: ['acme'], inFlight, limit: 100 });
  return due.map(({ id }) => id);
}

/** Puts each event into a notification of its own and delivers it, in order. */
async function deliverAll(store: Store, ...ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await group(store, { [`of ${id}`]: [id] });
    await store.outbox.markDelivered([{ id: `of ${id}`, attempt: accepted }], 100);
  }
}

async function replayable(store: Store): Promise<readonly string[]> {
  const events = await store.outbox.readUngrouped({ kind: 'replayed', instanceIds: ['acme'], limit: 100 });
  return events.map(({ id }) => id);
}

async function readAll(store: Store): Promise<readonly StateRecord[]> {
  const records: StateRecord[] = [];
  for await (const record of store.transfer.read()) records.push(record);
  return records;
}

/** What every store must do. */
export function describeStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: polls`, () => {
    it('makes a poll known once, due at once, and keeps what it has', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      await polls.ensure(poll, start);
      await polls.ensure(poll, { baseline: { kind: 'since', fromMs: 7 }, nowMs: 9000 });
      expect(await polls.read(poll.key)).toEqual({
        ...poll,
        baseline: 'now',
        baselineMs: undefined,
        dueMs: 1000,
        notBeforeMs: 0,
        failures: 0,
        failureReason: undefined,
        isPaused: false,
        pageSize: undefined,
        finishedMs: undefined,
        requestsPerHundred: undefined,
        scans: {
          changes: { watermarkMs: undefined, checkpoint: undefined },
          deletions: { watermarkMs: undefined, checkpoint: undefined },
        },
      });
    });

    it('keeps everything of a page over the end of the process', async () => {
      await using opened = await open();
      await opened.store.polls.ensure(poll, start);
      await opened.store.polls.commitPage(
        page({
          ledger: [entry('o1')],
          events: [event('e1', 'o1')],
          checkpoint,
          objectIds: ['o1'],
          baselineMs: 5000,
        }),
      );
      const store = await opened.reopen();
      const state = await store.polls.read(poll.key);
      expect(state.baselineMs).toBe(5000);
      expect(state.scans.changes).toEqual({ watermarkMs: undefined, checkpoint });
      expect(await store.polls.readLedger(poll.key, ['o1', 'o2'])).toEqual(new Map([['o1', entry('o1')]]));
      expect(await store.outbox.readUngrouped({ kind: 'new', instanceIds: ['acme'], limit: 10 })).toEqual([
        {
          ...event('e1', 'o1'),
          sequence: expect.any(Number),
          instanceId: 'acme',
          resource: 'customers',
          replays: 0,
        },
      ]);
    });

    it('moves the watermark of its scan and the due time with the last page only', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      await polls.ensure(poll, start);
      await polls.commitPage(page({ checkpoint }));
      expect((await polls.read(poll.key)).scans.changes.watermarkMs).toBeUndefined();
      await polls.commitPage(
        page({
          watermarkMs: 4880,
          pollFinish: { dueMs: 65_000, pageSize: 100, finishedMs: 6000, requestsPerHundred: 250 },
        }),
      );
      await polls.commitPage(page({ scan: 'deletions', watermarkMs: 4990 }));
      const state = await polls.read(poll.key);
      expect(state.scans).toEqual({
        changes: { watermarkMs: 4880, checkpoint: undefined },
        deletions: { watermarkMs: 4990, checkpoint: undefined },
      });
      expect(state).toMatchObject({
        dueMs: 65_000,
        pageSize: 100,
        finishedMs: 6000,
        requestsPerHundred: 250,
      });
      await polls.commitPage(page({ pollFinish: { dueMs: 65_000, pageSize: 100, finishedMs: 7000 } }));
      expect((await polls.read(poll.key)).requestsPerHundred, 'stays what it was').toBe(250);
    });

    it('moves the watermark of the changes with the last page of the deletions that it waited for', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      await polls.ensure(poll, start);
      await polls.commitPage(page({}));
      await polls.commitPage(page({ scan: 'deletions', watermarkMs: 4990, changesWatermarkMs: 4880 }));
      expect((await polls.read(poll.key)).scans).toEqual({
        changes: { watermarkMs: 4880, checkpoint: undefined },
        deletions: { watermarkMs: 4990, checkpoint: undefined },
      });
    });

    it('leaves the watermark where it is when a scan ends without one', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      await polls.ensure(poll, start);
      await polls.commitPage(page({ watermarkMs: 4880 }));
      await polls.commitPage(page({ pollFinish: { dueMs: 65_000, pageSize: undefined, finishedMs: 6000 } }));
      expect((await polls.read(poll.key)).scans.changes.watermarkMs).toBe(4880);
    });

    it('sets a baseline that becomes known once', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      await polls.ensure(poll, start);
      await polls.commitPage(page({ baselineMs: 5000 }));
      await polls.commitPage(page({ baselineMs: 9000 }));
      expect((await polls.read(poll.key)).baselineMs).toBe(5000);
    });

    it('remembers what an unfinished scan has shown, until it ends or begins anew', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      const scan = { pollKey: poll.key, scan: 'changes' } as const;
      await polls.ensure(poll, start);
      await polls.commitPage(page({ checkpoint, objectIds: ['a', 'b'] }));
      await polls.commitPage(page({ checkpoint, objectIds: ['b', 'c'], startsScan: false }));
      expect(await polls.readScanned(scan, ['a', 'c', 'd'])).toEqual(new Set(['a', 'c']));
      expect(await polls.readScanned({ ...scan, scan: 'deletions' }, ['a'])).toEqual(new Set());
      await polls.commitPage(page({ checkpoint, objectIds: ['x'] }));
      expect(await polls.readScanned(scan, ['a', 'x'])).toEqual(new Set(['x']));
      await polls.commitPage(page({ startsScan: false }));
      expect(await polls.readScanned(scan, ['x'])).toEqual(new Set());
    });

    it('keeps the latest version of an object only', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      await polls.ensure(poll, start);
      await polls.commitPage(page({ ledger: [entry('o1')] }));
      const later = entry('o1', {
        updatedMs: undefined,
        hash: 'h2',
        isDeleted: true,
        revision: 3,
        earlierHashes: ['h1'],
      });
      await polls.commitPage(page({ ledger: [later] }));
      expect(await polls.readLedger(poll.key, ['o1'])).toEqual(new Map([['o1', later]]));
    });

    it('leaves out an event that is known, with the rest of its page kept', async () => {
      await using opened = await open();
      await withEvents(opened.store, event('e1'));
      await opened.store.polls.commitPage(page({ events: [event('e1'), event('e2')] }));
      const events = await opened.store.outbox.readUngrouped({
        kind: 'new',
        instanceIds: ['acme'],
        limit: 10,
      });
      expect(events.map(({ id }) => id)).toEqual(['e1', 'e2']);
    });

    it('keeps nothing of a page that cannot be written', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      await polls.ensure(poll, start);
      // A type that the schema refuses stands for any failure in the middle of a transaction.
      const broken = { ...event('e1'), type: 'BROKEN' as NewEvent['type'] };
      await expect(
        polls.commitPage(page({ ledger: [entry('o1')], events: [broken], watermarkMs: 1 })),
      ).rejects.toThrow(/check/i);
      expect((await polls.readLedger(poll.key, ['o1'])).size).toBe(0);
      expect((await polls.read(poll.key)).scans.changes.watermarkMs).toBeUndefined();
    });

    it('keeps the progress of a backfill apart from that of its poll, and ledger and events together', async () => {
      await using opened = await open();
      const { polls, outbox } = opened.store;
      const progressKey = `${poll.key}@backfill`;
      await polls.ensure(poll, start);
      await polls.ensure({ ...poll, key: progressKey }, { ...start, nowMs: 2000 });
      await polls.commitPage(
        page({
          progressKey,
          checkpoint,
          objectIds: ['o1'],
          ledger: [entry('o1')],
          events: [event('e1', 'o1')],
        }),
      );
      expect(await polls.read(progressKey)).toMatchObject({ scans: { changes: { checkpoint } } });
      expect((await polls.read(poll.key)).scans.changes.checkpoint).toBeUndefined();
      expect(await polls.readScanned({ pollKey: progressKey, scan: 'changes' }, ['o1'])).toEqual(
        new Set(['o1']),
      );
      expect((await polls.readLedger(poll.key, ['o1'])).get('o1')).toEqual(entry('o1'));
      expect(await outbox.readUngrouped({ kind: 'new', instanceIds: ['acme'], limit: 10 })).toMatchObject([
        { id: 'e1', resource: 'customers' },
      ]);
      await polls.commitPage(
        page({ progressKey, pollFinish: { dueMs: 99_000, pageSize: undefined, finishedMs: 6000 } }),
      );
      expect((await polls.read(progressKey)).dueMs).toBe(99_000);
      expect((await polls.read(poll.key)).dueMs).toBe(1000);
    });

    it('tells how the polls of some instances stand, resource by resource', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      const failure = { reason: 'down', dropCheckpoints: false, pageSize: undefined };
      const north = { key: 'north/customers', instanceId: 'north', resource: 'customers' };
      const invoices = { key: 'north/invoices', instanceId: 'north', resource: 'invoices' };
      for (const each of [poll, north, invoices]) await polls.ensure(each, start);
      await polls.ensure({ ...poll, instanceId: 'other', key: 'other/customers' }, { ...start, nowMs: 1 });
      await polls.ensure({ ...poll, key: 'acme/customers@backfill' }, { ...start, nowMs: 1 });
      await polls.commitPage(
        page({ watermarkMs: 4880, pollFinish: { dueMs: 65_000, pageSize: undefined, finishedMs: 6000 } }),
      );
      await polls.commitPage(page({ pollKey: north.key, watermarkMs: 3000 }));
      await polls.recordFailure(north.key, { ...failure, notBeforeMs: 9000, isPaused: false });
      await polls.recordFailure(invoices.key, { ...failure, notBeforeMs: 9000, isPaused: true });
      expect(await polls.overview(['acme', 'north'])).toEqual([
        { resource: 'customers', polls: 2, failing: 1, paused: 0, oldestWatermarkMs: 3000, firstDueMs: 9000 },
        {
          resource: 'invoices',
          polls: 1,
          failing: 1,
          paused: 1,
          oldestWatermarkMs: undefined,
          firstDueMs: undefined,
        },
      ]);
    });

    it('can be asked whether it can be written', async () => {
      await using opened = await open();
      await expect(opened.store.probe()).resolves.toBeUndefined();
    });

    it('counts failures, moves no watermark, and forgets them with the next success', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      const failure = {
        reason: 'down',
        notBeforeMs: 9000,
        isPaused: false,
        dropCheckpoints: false,
        pageSize: 100,
      };
      await polls.ensure(poll, start);
      await polls.commitPage(page({ watermarkMs: 4880, checkpoint }));
      await polls.recordFailure(poll.key, failure);
      await polls.recordFailure(poll.key, { ...failure, dropCheckpoints: true, isPaused: true });
      expect(await polls.read(poll.key)).toMatchObject({
        failures: 2,
        failureReason: 'down',
        notBeforeMs: 9000,
        isPaused: true,
        pageSize: 100,
        scans: { changes: { watermarkMs: 4880, checkpoint: undefined } },
      });
      await polls.commitPage(page({ pollFinish: { dueMs: 65_000, pageSize: undefined, finishedMs: 6000 } }));
      expect(await polls.read(poll.key)).toMatchObject({
        failures: 0,
        failureReason: undefined,
        notBeforeMs: 0,
      });
    });
  });

  describe(`${name}: outbox`, () => {
    it('gives ungrouped events in order, of the instances named', async () => {
      await using opened = await open();
      await withEvents(opened.store, event('e1'), event('e2'), event('e3'));
      const ids = async (instances: readonly string[], limit: number): Promise<readonly string[]> =>
        (await opened.store.outbox.readUngrouped({ kind: 'new', instanceIds: instances, limit })).map(
          ({ id }) => id,
        );
      expect(await ids(['acme'], 2)).toEqual(['e1', 'e2']);
      expect(await ids(['other'], 10)).toEqual([]);
      await group(opened.store, { n1: ['e1', 'e3'] });
      expect(await ids(['acme'], 10)).toEqual(['e2']);
      expect((await opened.store.outbox.readEventsOf('n1')).map(({ id }) => id)).toEqual(['e1', 'e3']);
    });

    it('gives no event of an object that has an earlier one under way', async () => {
      await using opened = await open();
      await withEvents(opened.store, event('e1', 'a'), event('e2', 'a'), event('e3', 'b'));
      const ids = async (): Promise<readonly string[]> =>
        (await opened.store.outbox.readUngrouped({ kind: 'new', instanceIds: ['acme'], limit: 10 })).map(
          ({ id }) => id,
        );
      expect(await ids()).toEqual(['e1', 'e2', 'e3']);
      await group(opened.store, { n1: ['e1'] });
      expect(await ids()).toEqual(['e3']);
      await opened.store.outbox.markDelivered([{ id: 'n1', attempt: accepted }], 0);
      expect(await ids()).toEqual(['e2', 'e3']);
    });

    it('gives back the very bytes of a body made of its events: over the end of the process, when one of them is replayed, and when all is carried over', async () => {
      await using opened = await open();
      const { store } = opened;
      await withEvents(store, event('a1', 'a'), event('a2', 'a'), event('b1', 'bö'));
      await deliverAll(store, 'a1');
      const [a2, b1] = await store.outbox.readUngrouped({ kind: 'new', instanceIds: ['acme'], limit: 9 });
      if (a2 === undefined || b1 === undefined) throw new Error('no events to make a body of');
      const made = renderNotification([a2, b1], planInstance(), 123_456_789);
      expect(made.recipe).toBeDefined();
      await store.outbox.addNotifications([made], 0);
      const bodies = async ({ outbox }: Store): Promise<readonly string[]> => {
        const due = await outbox.readDue({ nowMs: 9, instanceIds: ['acme'], inFlight: [], limit: 9 });
        return due.map(({ body }) => Buffer.from(body).toString());
      };
      const whole = [Buffer.from(made.body).toString()];
      expect(await bodies(store)).toEqual(whole);
      const reopened = await opened.reopen();
      expect(await bodies(reopened)).toEqual(whole);
      await using other = await open();
      await other.store.transfer.write(stream(await readAll(reopened)));
      expect(await bodies(other.store)).toEqual(whole);
      // Takes `a2` along, out of the notification.
      await reopened.outbox.replay({ ids: ['a1'] });
      expect(await replayable(reopened)).toEqual(['a1', 'a2']);
      expect(await bodies(reopened)).toEqual(whole);
    });

    it('takes down what was accepted and adds what comes next in one go, or neither', async () => {
      await using opened = await open();
      const { store } = opened;
      await withEvents(store, event('e1'), event('e2'));
      await group(store, { n1: ['e1'] });
      const [next] = await store.outbox.readUngrouped({ kind: 'new', instanceIds: ['acme'], limit: 9 });
      const body = Buffer.from('body');
      const added = { id: 'n2', instanceId: 'acme', body, eventSequences: [next?.sequence ?? -1] };
      const deliveries = [{ id: 'n1', attempt: accepted }];
      await expect(store.outbox.markDelivered(deliveries, 100, [added, added])).rejects.toThrow(/unique/i);
      expect(await dueIds(store, 100)).toEqual(['n1']);
      await store.outbox.markDelivered(deliveries, 100, [added]);
      expect(await dueIds(store, 100)).toEqual(['n2']);
      expect(await store.outbox.readEvent('e1')).toMatchObject({ state: 'delivered', settledMs: 100 });
    });

    it('gives events of every instance that is asked for, however many wait for one of them', async () => {
      await using opened = await open();
      const { outbox, polls } = opened.store;
      await withEvents(opened.store, ...['1', '2', '3', '4'].map((id) => event(`a${id}`)));
      for (const instanceId of ['beta', 'gamma']) {
        const key = `${instanceId}/customers`;
        await polls.ensure({ ...poll, key, instanceId }, start);
        await polls.commitPage(page({ pollKey: key, events: [event(`${instanceId}1`)] }));
      }
      const query = { kind: 'new', limit: 10, ofEach: 2 } as const;
      const found = await outbox.readUngrouped({ ...query, instanceIds: ['gamma', 'acme'] });
      const ids = found.map(({ id }) => id);
      expect(ids.slice(0, 2)).toEqual(['a1', 'a2']);
      expect(ids.at(-1)).toBe('gamma1');
      expect(ids).not.toContain('beta1');
    });

    it('gives back the very bytes of a notification', async () => {
      await using opened = await open();
      await withEvents(opened.store, event('e1'));
      const [stored] = await opened.store.outbox.readUngrouped({
        kind: 'new',
        instanceIds: ['acme'],
        limit: 1,
      });
      const body = Buffer.from([0, 255, 128, 10, 13]);
      const notification = { id: 'n1', instanceId: 'acme', body, eventSequences: [stored?.sequence ?? 0] };
      await opened.store.outbox.addNotifications([notification], 0);
      const query = { nowMs: 0, instanceIds: ['acme'], inFlight: [], limit: 1 };
      const [due] = await opened.store.outbox.readDue(query);
      expect(due).toMatchObject({ id: 'n1', eventCount: 1, attempts: 0, firstFailedMs: undefined });
      expect(Buffer.from(due?.body ?? []).equals(body)).toBe(true);
    });

    it('holds a notification back while an earlier event of one of its objects is not delivered', async () => {
      await using opened = await open();
      await withEvents(opened.store, event('e1', 'a'), event('e2', 'b'), event('e3', 'b'), event('e4', 'c'));
      await group(opened.store, { n1: ['e1', 'e2'], n2: ['e3'], n3: ['e4'] });
      const { outbox } = opened.store;
      expect(await dueIds(opened.store, 0)).toEqual(['n1', 'n3']);
      expect(await dueIds(opened.store, 0, ['n1', 'n3'])).toEqual([]);
      await outbox.markFailed('n1', { attempt: failed, nextAttemptMs: 4000, nowMs: 0 });
      expect(await dueIds(opened.store, 0)).toEqual(['n3']);
      expect(await outbox.nextDueMs(['acme'], 0)).toBe(4000);
      await outbox.markDelivered([{ id: 'n1', attempt: accepted }], 5000);
      expect(await dueIds(opened.store, 5000)).toEqual(['n2', 'n3']);
    });

    it('lets others pass a notification that was given up', async () => {
      await using opened = await open();
      await withEvents(opened.store, event('e1', 'a'), event('e2', 'a'));
      await group(opened.store, { n1: ['e1'], n2: ['e2'] });
      await opened.store.outbox.markDead('n1', { attempt: failed, nowMs: 1 });
      expect(await dueIds(opened.store, 1)).toEqual(['n2']);
      expect(await opened.store.outbox.counts()).toEqual({
        pendingEvents: 1,
        pendingNotifications: 1,
        deadNotifications: 1,
      });
    });

    it('counts attempts from the first failure on, over the end of the process', async () => {
      await using opened = await open();
      await withEvents(opened.store, event('e1'));
      await group(opened.store, { n1: ['e1'] });
      await opened.store.outbox.markFailed('n1', { attempt: failed, nextAttemptMs: 4000, nowMs: 10 });
      await opened.store.outbox.markFailed('n1', { attempt: failed, nextAttemptMs: 16_000, nowMs: 4010 });
      const store = await opened.reopen();
      expect(await dueIds(store, 15_999)).toEqual([]);
      const query = { nowMs: 16_000, instanceIds: ['acme'], inFlight: [], limit: 1 };
      expect(await store.outbox.readDue(query)).toMatchObject([{ id: 'n1', attempts: 2, firstFailedMs: 10 }]);
    });

    it('splits a notification into parts that inherit its attempts and are due at once', async () => {
      await using opened = await open();
      await withEvents(opened.store, event('e1'), event('e2'));
      await group(opened.store, { n1: ['e1', 'e2'] });
      await opened.store.outbox.markFailed('n1', { attempt: failed, nextAttemptMs: 4000, nowMs: 10 });
      const parts = (await opened.store.outbox.readEventsOf('n1')).map(({ sequence }, index) => ({
        id: `p${index + 1}`,
        instanceId: 'acme',
        body: Buffer.from('part'),
        eventSequences: [sequence],
      }));
      await opened.store.outbox.split('n1', parts, { attempt: failed, nowMs: 4000 });
      const query = { nowMs: 4000, instanceIds: ['acme'], inFlight: [], limit: 10 };
      expect(await opened.store.outbox.readDue(query)).toMatchObject([
        { id: 'p1', attempts: 2, firstFailedMs: 10, eventCount: 1 },
        { id: 'p2', attempts: 2, firstFailedMs: 10, eventCount: 1 },
      ]);
    });
  });

  describe(`${name}: people ask and intervene`, () => {
    it('lists polls, and lets those that stopped be due at once', async () => {
      await using opened = await open();
      const { polls } = opened.store;
      const other = { key: 'acme/invoices', instanceId: 'acme', resource: 'invoices' };
      await polls.ensure(poll, start);
      await polls.ensure(other, start);
      const failure = { reason: 'down', dropCheckpoints: false, pageSize: undefined };
      await polls.recordFailure(poll.key, { ...failure, notBeforeMs: 90_000, isPaused: true });
      const stopped = { failures: 1, failureReason: 'down', isPaused: true };
      expect(await polls.list()).toMatchObject([
        { ...poll, ...stopped },
        { ...other, failures: 0 },
      ]);
      const before = await opened.store.interventions();
      expect(await polls.resume({ instanceId: 'other' }, 5000)).toEqual([]);
      expect(await polls.resume({ instanceId: 'acme', resource: 'invoices' }, 5000)).toEqual([]);
      expect(await opened.store.interventions()).toBe(before);
      expect(await polls.resume({ instanceId: 'acme', resource: 'customers' }, 5000)).toEqual([poll.key]);
      expect(await opened.store.interventions()).toBe(before + 1);
      const resumed = { failures: 0, isPaused: false, notBeforeMs: 0, dueMs: 1000 };
      expect(await polls.read(poll.key)).toMatchObject(resumed);
    });

    it('keeps the attempts of an event through failure, split and delivery', async () => {
      await using opened = await open();
      await withEvents(opened.store, event('e1'), event('e2'));
      await group(opened.store, { n1: ['e1', 'e2'] });
      const { outbox } = opened.store;
      await outbox.markFailed('n1', { attempt: failed, nextAttemptMs: 4000, nowMs: 20 });
      const [first] = await outbox.readEventsOf('n1');
      const part = { instanceId: 'acme', body: Buffer.from('part') };
      const sequences = (await outbox.readEventsOf('n1')).map(({ sequence }) => sequence);
      const parts = sequences.map((sequence, index) => ({
        ...part,
        id: `p${index}`,
        eventSequences: [sequence],
      }));
      const second = { ...failed, startedMs: 4000, status: undefined, answer: undefined };
      await outbox.split('n1', parts, { attempt: second, nowMs: 4000 });
      await outbox.markDelivered([{ id: 'p0', attempt: { ...accepted, startedMs: 5000 } }], 5010);
      const detail = await (await opened.reopen()).outbox.readEvent('e1');
      expect(detail).toEqual({
        ...first,
        state: 'delivered',
        settledMs: 5010,
        notificationId: 'p0',
        undelivered: undefined,
        attempts: [
          { ...failed, notificationId: 'n1' },
          { ...second, notificationId: 'n1' },
          { ...accepted, startedMs: 5000, notificationId: 'p0' },
        ],
      });
    });

    it('lists events by what they are, newest first, and says how they stand', async () => {
      await using opened = await open();
      await withEvents(
        opened.store,
        event('e1', 'a'),
        { ...event('e2', 'b'), type: 'DELETED', pollDateMs: 9000 },
        event('e3', 'c'),
        event('e4', 'd'),
      );
      await group(opened.store, { n1: ['e1'], n2: ['e2'], n3: ['e3'] });
      const { outbox } = opened.store;
      await outbox.markDelivered([{ id: 'n1', attempt: accepted }], 100);
      await outbox.markDead('n2', { attempt: failed, nowMs: 100 });
      await outbox.markFailed('n3', { attempt: failed, nextAttemptMs: 4000, nowMs: 100 });
      const listed = async (filter: Parameters<typeof outbox.listEvents>[0]): Promise<readonly string[]> =>
        (await outbox.listEvents(filter, { limit: 10 })).map(({ id }) => id);
      expect(await listed({})).toEqual(['e4', 'e3', 'e2', 'e1']);
      expect(await listed({ state: 'pending' })).toEqual(['e4', 'e3']);
      expect(await listed({ type: 'DELETED', state: 'dead' })).toEqual(['e2']);
      expect(await listed({ ids: ['e1', 'e3', 'nothing'] })).toEqual(['e3', 'e1']);
      expect(await listed({ instanceId: 'acme', resource: 'customers', objectId: 'c' })).toEqual(['e3']);
      expect(await listed({ resource: 'invoices' })).toEqual([]);
      expect(await listed({ fromMs: 9000 })).toEqual(['e2']);
      expect(await listed({ untilMs: 9000 })).toEqual(['e4', 'e3', 'e1']);
      const [newest, next] = await outbox.listEvents({}, { limit: 2 });
      expect(newest).toMatchObject({ id: 'e4', notificationId: undefined, undelivered: undefined });
      expect(next).toMatchObject({
        id: 'e3',
        notificationId: 'n3',
        undelivered: { attempts: 1, failure: 'the receiver answered 503', nextAttemptMs: 4000 },
      });
      expect(next).not.toHaveProperty('record');
      const older = await outbox.listEvents({}, { limit: 10, beforeSequence: next?.sequence ?? 0 });
      expect(older).toMatchObject([
        { id: 'e2', state: 'dead', undelivered: { attempts: 1, nextAttemptMs: undefined } },
        { id: 'e1' },
      ]);
      expect(await outbox.readEvent('nothing')).toBeUndefined();
    });

    it('tells of each poll what waits and what was given up', async () => {
      await using opened = await open();
      await withEvents(opened.store, { ...event('e1'), pollDateMs: 4000 }, event('e2'), event('e3'));
      expect(await opened.store.outbox.backlog()).toEqual([
        { pollKey: poll.key, pendingEvents: 3, oldestPendingMs: 4000, deadEvents: 0 },
      ]);
      await group(opened.store, { n1: ['e1', 'e2'] });
      await opened.store.outbox.markDead('n1', { attempt: failed, nowMs: 1 });
      expect(await opened.store.outbox.backlog()).toEqual([
        { pollKey: poll.key, pendingEvents: 1, oldestPendingMs: 5000, deadEvents: 2 },
      ]);
      await deliverAll(opened.store, 'e3');
      expect(await opened.store.outbox.backlog()).toMatchObject([{ pendingEvents: 0, deadEvents: 2 }]);
    });

    it('lets what was given up be delivered anew, and forgets the notification when it is empty', async () => {
      await using opened = await open();
      await withEvents(opened.store, event('e1'), event('e2'));
      await group(opened.store, { n1: ['e1', 'e2'] });
      const { outbox } = opened.store;
      await outbox.markDead('n1', { attempt: failed, nowMs: 1 });
      const before = await opened.store.interventions();
      expect(await outbox.replay({ ids: ['e1'] })).toBe(1);
      expect(await opened.store.interventions()).toBe(before + 1);
      expect(await outbox.counts()).toEqual({
        pendingEvents: 1,
        pendingNotifications: 0,
        deadNotifications: 1,
      });
      expect(await outbox.replay({ state: 'dead' })).toBe(1);
      expect(await outbox.counts()).toMatchObject({ pendingEvents: 2, deadNotifications: 0 });
      expect(await replayable(opened.store)).toEqual(['e1', 'e2']);
      const detail = await outbox.readEvent('e1');
      const attempts = [{ ...failed, notificationId: 'n1' }];
      expect(detail).toMatchObject({ replays: 1, state: 'pending', settledMs: undefined, attempts });
    });

    it('replays the later events of an object with an earlier one, in order, and nothing that waits', async () => {
      await using opened = await open();
      const { store } = opened;
      await withEvents(store, event('a1', 'a'), event('b1', 'b'));
      await deliverAll(store, 'a1', 'b1');
      await store.polls.commitPage(page({ events: [event('a2', 'a'), event('b2', 'b')] }));
      await deliverAll(store, 'a2', 'b2');
      await store.polls.commitPage(page({ events: [event('a3', 'a'), event('c1', 'c')] }));
      expect(await store.outbox.replay({ ids: ['a1', 'b2', 'c1'] })).toBe(3);
      expect(await replayable(store)).toEqual(['a1', 'a2', 'b2']);
      expect(await store.outbox.replay({ ids: ['c1'] })).toBe(0);
    });

    it('holds a new event back behind a replayed one of its object, and the other way round', async () => {
      await using opened = await open();
      const { store } = opened;
      const fresh = async (): Promise<readonly string[]> =>
        (await store.outbox.readUngrouped({ kind: 'new', instanceIds: ['acme'], limit: 10 })).map(
          ({ id }) => id,
        );
      await withEvents(store, event('a1', 'a'));
      await deliverAll(store, 'a1');
      await store.polls.commitPage(page({ events: [event('a2', 'a'), event('b1', 'b')] }));
      await store.outbox.replay({ ids: ['a1'] });
      expect(await fresh()).toEqual(['b1']);
      const [replayed] = await store.outbox.readUngrouped({
        kind: 'replayed',
        instanceIds: ['acme'],
        limit: 10,
      });
      const body = Buffer.from('again');
      const eventSequences = [replayed?.sequence ?? 0];
      await store.outbox.addNotifications([{ id: 'again', instanceId: 'acme', body, eventSequences }], 0);
      expect(await fresh()).toEqual(['b1']);
      await store.outbox.markDelivered([{ id: 'again', attempt: accepted }], 200);
      expect(await fresh()).toEqual(['a2', 'b1']);
    });

    it('delivers a later event once more after a replayed one, even where it was under way meanwhile', async () => {
      await using opened = await open();
      const { store } = opened;
      await withEvents(store, event('a1', 'a'));
      await deliverAll(store, 'a1');
      await store.polls.commitPage(page({ events: [event('a2', 'a'), event('b1', 'b')] }));
      await group(store, { n2: ['a2', 'b1'] });
      expect(await store.outbox.replay({ ids: ['a1'] })).toBe(2);
      await store.outbox.markDelivered([{ id: 'n2', attempt: accepted }], 100);
      expect(await replayable(store)).toEqual(['a1', 'a2']);
      expect((await store.outbox.readEvent('b1'))?.state).toBe('delivered');
      expect((await store.outbox.readEvent('a2'))?.attempts).toHaveLength(1);
    });

    it('sends nothing that has lost all its events to a replay: nothing would hold it back behind later ones', async () => {
      await using opened = await open();
      const { store } = opened;
      await withEvents(store, event('a1', 'a'));
      await deliverAll(store, 'a1');
      await store.polls.commitPage(page({ events: [event('a2', 'a'), event('b1', 'b')] }));
      await group(store, { n2: ['a2'], n3: ['b1'] });
      expect(await store.outbox.replay({ ids: ['a1'] })).toBe(2);
      const query = { nowMs: 10_000, instanceIds: ['acme'], inFlight: [], limit: 10 };
      expect((await store.outbox.readDue(query)).map(({ id }) => id)).toEqual(['n3']);
      expect(await store.outbox.counts()).toMatchObject({ pendingEvents: 3, pendingNotifications: 1 });
    });

    it('deletes what was delivered long ago, and its attempts, and never what waits or was given up', async () => {
      await using opened = await open();
      const { store } = opened;
      await withEvents(store, event('old'), event('new'), event('dead'), event('waits'), event('ungrouped'));
      await group(store, { n1: ['old'], n2: ['new'], n3: ['dead'], n4: ['waits'] });
      const { outbox } = store;
      await outbox.markDelivered([{ id: 'n1', attempt: accepted }], 100);
      await outbox.markDelivered([{ id: 'n2', attempt: { ...accepted, startedMs: 900 } }], 900);
      await outbox.markDead('n3', { attempt: failed, nowMs: 100 });
      await outbox.markFailed('n4', { attempt: failed, nextAttemptMs: 4000, nowMs: 100 });
      const bounds = { deliveredBeforeMs: 500, attemptsBeforeMs: 500, limit: 100 };
      expect(await outbox.prune(bounds)).toBe(2);
      expect(await outbox.prune(bounds)).toBe(0);
      const left = await outbox.listEvents({}, { limit: 10 });
      expect(left.map(({ id }) => id)).toEqual(['ungrouped', 'waits', 'dead', 'new']);
      expect((await outbox.readEvent('dead'))?.attempts).toHaveLength(1);
      expect((await outbox.readEvent('waits'))?.attempts).toHaveLength(1);
      expect((await outbox.readEvent('new'))?.attempts).toHaveLength(1);
      await store.compact();
      expect(await outbox.prune({ deliveredBeforeMs: 10_000, attemptsBeforeMs: 0, limit: 0 })).toBe(0);
    });

    it('remembers who has which receiver, and what is wrong with it, until it is resumed', async () => {
      await using opened = await open();
      const { endpoints } = opened.store;
      await endpoints.assign([{ instanceId: 'acme', endpoint: 'https://a.example.com/hook' }], 1000);
      const closed: EndpointState = {
        endpoint: 'https://a.example.com/hook',
        state: 'closed',
        reason: undefined,
        sinceMs: 1000,
        retryAtMs: undefined,
        failingSinceMs: undefined,
      };
      expect(await endpoints.list()).toEqual([{ ...closed, instanceIds: ['acme'] }]);
      const disabled: EndpointState = {
        ...closed,
        state: 'disabled',
        reason: 'gone',
        sinceMs: 2000,
        failingSinceMs: 1500,
      };
      await endpoints.write(disabled);
      await endpoints.assign(
        ['acme', 'beta'].map((instanceId) => ({ instanceId, endpoint: closed.endpoint })),
        3000,
      );
      await withEvents(opened.store, event('e1'));
      await group(opened.store, { n1: ['e1'] });
      await opened.store.outbox.markFailed('n1', { attempt: failed, nextAttemptMs: 90_000, nowMs: 0 });
      const store = await opened.reopen();
      expect(await store.endpoints.list()).toEqual([{ ...disabled, instanceIds: ['acme', 'beta'] }]);
      const before = await store.interventions();
      expect(await store.endpoints.resume({ instanceId: 'other' }, 5000)).toEqual([]);
      expect(await store.endpoints.resume({ instanceId: 'beta' }, 5000)).toEqual([closed.endpoint]);
      expect(await store.interventions()).toBe(before + 1);
      expect(await store.endpoints.list()).toMatchObject([{ ...closed, sinceMs: 5000 }]);
      expect(await dueIds(store, 5000)).toEqual(['n1']);
      expect(await store.endpoints.resume({}, 6000)).toEqual([]);
    });
  });

  describe(`${name}: transfer`, () => {
    async function fill(store: Store): Promise<void> {
      await withEvents(store, event('e1', 'a'), event('e2', 'b'), event('e3', 'a'), event('e4', 'c'));
      const ledger = [entry('a', { updatedMs: undefined, earlierHashes: ['h0'] }), entry('b')];
      await store.polls.commitPage(page({ ledger, watermarkMs: 4880, checkpoint: undefined }));
      await store.polls.commitPage(page({ startsScan: true, checkpoint, objectIds: ['a'] }));
      await group(store, { n1: ['e1', 'e2'], n2: ['e4'] });
      await store.outbox.markDelivered([{ id: 'n1', attempt: accepted }], 100);
      await store.outbox.markDead('n2', { attempt: failed, nowMs: 100 });
      await store.outbox.replay({ ids: ['e1'] });
      await store.endpoints.assign([{ instanceId: 'acme', endpoint: 'https://a.example.com' }], 1);
      const token = { accessToken: new Secret('access token'), refreshToken: new Secret('refresh token') };
      const tokens = { ...token, accessExpiresMs: 1, refreshExpiresMs: undefined };
      await store.grants.write('acme', { tokens, seedMark: 'mark' });
    }

    it('carries everything over but unfinished scans, tokens sealed', async () => {
      await using from = await open();
      await using to = await open();
      await fill(from.store);
      const records = await readAll(from.store);
      expect(JSON.stringify(records)).not.toContain('token');
      expect(await to.store.transfer.write(stream(records))).toBe(records.length);
      expect(await readAll(to.store)).toEqual(records);
      const state = await to.store.polls.read(poll.key);
      expect(state.scans.changes).toEqual({ watermarkMs: 4880, checkpoint: undefined });
      expect(await to.store.polls.readLedger(poll.key, ['a', 'b'])).toEqual(
        await from.store.polls.readLedger(poll.key, ['a', 'b']),
      );
      expect(await to.store.outbox.readEvent('e1')).toEqual(await from.store.outbox.readEvent('e1'));
      expect(await replayable(to.store)).toEqual(['e1']);
      // What comes later comes after what was carried over.
      await to.store.polls.commitPage(page({ events: [event('e9', 'z')] }));
      const [latest] = await to.store.outbox.listEvents({}, { limit: 1 });
      expect(latest?.id).toBe('e9');
    });

    it('refuses a store that is not empty, and changes nothing', async () => {
      await using opened = await open();
      await fill(opened.store);
      const records = await readAll(opened.store);
      await expect(opened.store.transfer.write(stream(records))).rejects.toThrow('the state is not empty');
      expect(await readAll(opened.store)).toEqual(records);
    });

    it('leaves nothing behind when the stream breaks off', async () => {
      await using from = await open();
      await using to = await open();
      await fill(from.store);
      const records = await readAll(from.store);
      const broken = (async function* () {
        yield* records.slice(0, -1);
        throw new Error('the line is cut');
      })();
      await expect(to.store.transfer.write(broken)).rejects.toThrow('the line is cut');
      expect(await readAll(to.store)).toEqual([]);
    });

    it('forgets all of one instance, and nothing of another', async () => {
      await using opened = await open();
      const { store } = opened;
      const beta = { key: 'beta/customers', instanceId: 'beta', resource: 'customers' };
      await store.polls.ensure(beta, start);
      await store.polls.commitPage(
        page({ pollKey: beta.key, ledger: [entry('o9')], events: [event('e9')], watermarkMs: 4880 }),
      );
      await store.endpoints.assign([{ instanceId: 'beta', endpoint: 'https://beta.example.com' }], 0);
      const before = await readAll(store);
      await fill(store);
      await store.polls.ensure({ ...poll, key: 'acme/customers@2026-11-01T00:00:00Z..' }, start);
      const contents = await store.instances.read('acme');
      expect(contents).toMatchObject({ polls: 1, hasGrant: true });
      expect(contents.pendingEvents + contents.deliveredEvents + contents.deadEvents).toBeGreaterThan(0);
      await store.instances.forget('acme');
      expect(await readAll(store)).toEqual(before);
      expect(await store.instances.read('acme')).toEqual({
        polls: 0,
        objects: 0,
        pendingEvents: 0,
        deadEvents: 0,
        deliveredEvents: 0,
        hasGrant: false,
      });
    });
  });

  describe(`${name}: grants`, () => {
    const grant = {
      tokens: {
        accessToken: new Secret('access token'),
        refreshToken: new Secret('refresh token'),
        accessExpiresMs: 300_000,
        refreshExpiresMs: undefined,
      },
      seedMark: 'mark',
    };

    it('gives back the tokens that were written last', async () => {
      await using opened = await open();
      expect(await opened.store.grants.read('acme')).toBeUndefined();
      await opened.store.grants.write('acme', { ...grant, seedMark: 'older' });
      await opened.store.grants.write('acme', grant);
      const read = await (await opened.reopen()).grants.read('acme');
      expect(read?.tokens.accessToken.reveal()).toBe('access token');
      expect(read?.tokens.refreshToken.reveal()).toBe('refresh token');
      expect(read).toMatchObject({
        seedMark: 'mark',
        deadReason: undefined,
        tokens: { accessExpiresMs: 300_000 },
      });
    });

    it('keeps the tokens of a dead grant, which a new one brings back to life', async () => {
      await using opened = await open();
      await opened.store.grants.write('acme', grant);
      await opened.store.grants.markDead('acme', 'refused');
      const dead = await opened.store.grants.read('acme');
      expect(dead?.deadReason).toBe('refused');
      expect(dead?.tokens.refreshToken.reveal()).toBe('refresh token');
      await opened.store.grants.write('acme', grant);
      expect((await opened.store.grants.read('acme'))?.deadReason).toBeUndefined();
    });

    it('lists all without their tokens, and forgets the one that is removed', async () => {
      await using opened = await open();
      const { grants } = opened.store;
      const lasting = { ...grant.tokens, refreshExpiresMs: 5000 };
      await grants.write('south', { tokens: lasting, seedMark: 'another' });
      await grants.write('acme', grant);
      await grants.markDead('acme', 'refused');
      const south = { instanceId: 'south', refreshExpiresMs: 5000, deadReason: undefined };
      const acme = { instanceId: 'acme', refreshExpiresMs: undefined, deadReason: 'refused' };
      expect(await grants.list()).toEqual([acme, south]);
      await grants.remove('acme');
      await grants.remove('acme');
      const reopened = await opened.reopen();
      expect(await reopened.grants.list()).toEqual([south]);
      expect(await reopened.grants.read('acme')).toBeUndefined();
    });

    it('lets instances that began with one token share what came of it, its end too', async () => {
      await using opened = await open();
      const { grants } = opened.store;
      const renewed = { ...grant.tokens, refreshToken: new Secret('renewed') };
      await grants.write('acme', grant);
      await grants.write('alone', { ...grant, seedMark: 'another' });
      expect((await grants.readBySeed('mark'))?.tokens.refreshToken.reveal()).toBe('refresh token');
      await grants.write('north', { ...grant, tokens: renewed });
      const tokens = async (id: string): Promise<string | undefined> =>
        (await grants.read(id))?.tokens.refreshToken.reveal();
      expect([await tokens('acme'), await tokens('north')]).toEqual(['renewed', 'renewed']);
      expect(await tokens('alone')).toBe('refresh token');
      await grants.markDead('acme', 'refused');
      expect((await grants.read('north'))?.deadReason).toBe('refused');
      expect((await grants.read('alone'))?.deadReason).toBeUndefined();
    });

    it('keeps grants apart that are shared with none', async () => {
      await using opened = await open();
      const { grants } = opened.store;
      await grants.write('acme', { ...grant, seedMark: '' });
      await grants.write('north', {
        tokens: { ...grant.tokens, refreshToken: new Secret('n') },
        seedMark: '',
      });
      await grants.markDead('north', 'refused');
      expect(await grants.read('acme')).toMatchObject({ deadReason: undefined });
      expect((await grants.read('acme'))?.tokens.refreshToken.reveal()).toBe('refresh token');
    });

    it('runs one after another what is exclusive under one name, also after a failure', async () => {
      await using opened = await open();
      const { exclusively } = opened.store.grants;
      const log: string[] = [];
      const first = Promise.withResolvers<void>();
      const work = (name: string, until?: Promise<void>) => async (): Promise<void> => {
        log.push(`${name} begins`);
        await until;
        log.push(`${name} ends`);
      };
      const failing = exclusively('a', async () => {
        await work('1', first.promise)();
        throw new Error('no');
      });
      const waiting = exclusively('a', work('2'));
      await exclusively('b', work('other'));
      first.resolve();
      await expect(failing).rejects.toThrow('no');
      await waiting;
      expect(log.indexOf('other ends')).toBeLessThan(log.indexOf('1 ends'));
      const others = log.filter((line) => !line.startsWith('other'));
      expect(others).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
    });
  });
  describe(`${name}: registrations`, () => {
    const acme = {
      platform: 'https://platform.example.com/api',
      elementKey: 'sageone',
      name: 'acme',
      instanceId: '470913',
      token: new Secret('element token'),
      creatingSinceMs: undefined,
    };

    it('gives back what was written last, of one platform, over the end of the process', async () => {
      await using opened = await open();
      const { registrations } = opened.store;
      await registrations.write({ ...acme, instanceId: undefined, token: undefined, creatingSinceMs: 1000 });
      await registrations.write({ ...acme, platform: 'https://other.example.com' });
      expect(await registrations.list(acme.platform)).toMatchObject([
        { instanceId: undefined, token: undefined, creatingSinceMs: 1000 },
      ]);
      await registrations.write(acme);
      const reopened = await opened.reopen();
      const [found, ...others] = await reopened.registrations.list(acme.platform);
      expect(others).toEqual([]);
      expect(found).toMatchObject({ name: 'acme', instanceId: '470913', creatingSinceMs: undefined });
      expect(found?.token?.reveal()).toBe('element token');
    });

    it('forgets one, and no other of the same name', async () => {
      await using opened = await open();
      const { registrations } = opened.store;
      await registrations.write(acme);
      await registrations.write({ ...acme, elementKey: 'shop' });
      await registrations.remove(acme);
      expect(await registrations.list(acme.platform)).toMatchObject([{ elementKey: 'shop' }]);
    });
  });
}

async function* stream(records: readonly StateRecord[]): AsyncGenerator<StateRecord> {
  yield* records;
}
