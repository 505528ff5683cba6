import { describe, expect, it } from 'vitest';
import { renderByRecipe, renderNotification } from '../../../src/runtime/deliver/envelope.ts';
import { groupEvents, halve } from '../../../src/runtime/deliver/group-events.ts';
import type { StoredEvent } from '../../../src/runtime/ports/event.ts';
import type { NewNotification } from '../../../src/runtime/ports/outbox-store.ts';
import { planInstance } from './instance-plan.ts';

const pollDateMs = Date.UTC(2018, 7, 20, 15, 29, 34, 827);
const instance = planInstance();
const instances = new Map([[instance.id, instance]]);

function stored(sequence: number, differences: Partial<StoredEvent> = {}): StoredEvent {
  return {
    sequence,
    id: `e${sequence}`,
    instanceId: 'acme',
    resource: 'invoices',
    objectId: `o${sequence}`,
    type: 'CREATED',
    reason: 'new',
    dateMs: Date.UTC(2018, 7, 20, 15, 29, 6),
    pollDateMs,
    record: `{"id":"o${sequence}","total":"110.0"}`,
    replays: 0,
    ...differences,
  };
}

const sequences = (notifications: readonly NewNotification[] | undefined): unknown =>
  notifications?.map(({ eventSequences }) => eventSequences);

describe('renderByRecipe', () => {
  it('makes the very bytes again, also when the instance is configured otherwise by then', () => {
    const made = renderNotification([stored(1), stored(2, { objectId: 'ö"2' })], instance, 123_456_789);
    if (made.recipe === undefined) throw new Error('no recipe');
    const events = [stored(1), stored(2, { objectId: 'ö"2' })];
    expect(renderByRecipe(made.id, made.recipe, events)).toEqual(made.body);
  });

  it('makes the same body as ever: states in the field hold recipes of this form', () => {
    const ingredients =
      '{"form":1,"number":7,"elementKey":"sageone","hubKey":"finance","instanceName":"acme","tags":["north"]}';
    const body = renderByRecipe('n1', { ingredients, madeMs: 1_534_779_007_000 }, [stored(1)]);
    expect(Buffer.from(body).toString()).toBe(
      '{"severity":"medium","createdDate":"Mon Aug 20 15:30:07 UTC 2018","topic":"instance-7-sageone-events",' +
        '"action":"create","id":"n1","user":"sagecfg","message":{"elementKey":"sageone","eventId":"n1",' +
        '"instanceId":7,"instance_id":7,"instanceName":"acme","instanceTags":["north"],' +
        '"raw":{"invoices":[{"id":"o1","total":"110.0"}],"pollDate":1534778974827,"objectType":"invoices"},' +
        '"events":[{"date":"2018-08-20T15:29:06Z","elementKey":"sageone","pollDate":"2018-08-20T15:29:34Z",' +
        '"eventType":"CREATED","hubKey":"finance","objectId":"o1","objectType":"invoices","eventId":"e1"}]}}',
    );
  });
});

describe('renderNotification', () => {
  it('has the shape of the platform’s notification', () => {
    const notification = renderNotification([stored(1)], instance, Date.UTC(2018, 7, 20, 15, 30, 7));
    expect(JSON.parse(Buffer.from(notification.body).toString())).toEqual({
      severity: 'medium',
      createdDate: 'Mon Aug 20 15:30:07 UTC 2018',
      topic: 'instance-4711-sageone-events',
      action: 'create',
      id: notification.id,
      user: 'sagecfg',
      message: {
        elementKey: 'sageone',
        eventId: notification.id,
        instanceId: 4711,
        instance_id: 4711,
        instanceName: 'acme',
        instanceTags: ['north'],
        raw: { invoices: [{ id: 'o1', total: '110.0' }], pollDate: pollDateMs, objectType: 'invoices' },
        events: [
          {
            date: '2018-08-20T15:29:06Z',
            elementKey: 'sageone',
            pollDate: '2018-08-20T15:29:34Z',
            eventType: 'CREATED',
            hubKey: 'finance',
            objectId: 'o1',
            objectType: 'invoices',
            eventId: 'e1',
          },
        ],
      },
    });
  });

  it('has an id that depends on its events only', () => {
    const [early, late, other] = [
      renderNotification([stored(1)], instance, 0),
      renderNotification([stored(1)], instance, 99_999),
      renderNotification([stored(2)], instance, 0),
    ];
    expect(late.id).toBe(early.id);
    expect(other.id).not.toBe(early.id);
  });
});

describe('groupEvents', () => {
  it('puts at most ten events into one notification, in order', () => {
    const events = Array.from({ length: 23 }, (_value, index) => stored(index + 1));
    const groups = groupEvents(events, instances, 0);
    expect(groups.map(({ eventSequences }) => eventSequences.length)).toEqual([10, 10, 3]);
    expect(groups.flatMap(({ eventSequences }) => eventSequences)).toEqual(
      events.map(({ sequence }) => sequence),
    );
  });

  it('keeps resources and polls apart', () => {
    const events = [
      stored(1),
      stored(2, { resource: 'customers' }),
      stored(3),
      stored(4, { pollDateMs: pollDateMs + 1000 }),
    ];
    expect(sequences(groupEvents(events, instances, 0))).toEqual([[1, 3], [2], [4]]);
  });

  it('leaves a second event of an object for later', () => {
    const events = [
      stored(1),
      stored(2, { objectId: 'o1' }),
      stored(3),
      stored(4, { objectId: 'o1', pollDateMs: 0 }),
    ];
    expect(sequences(groupEvents(events, instances, 0))).toEqual([[1, 3]]);
  });

  it('leaves the events of an instance that is not configured', () => {
    expect(groupEvents([stored(1, { instanceId: 'gone' })], instances, 0)).toEqual([]);
  });
});

describe('groupEvents, by size and form', () => {
  const bodiesOf = (notifications: readonly NewNotification[]) =>
    notifications.map(
      ({ body }) =>
        // rendered by the code under test
        JSON.parse(Buffer.from(body).toString()) as {
          message: { raw: { invoices: unknown[] }; events: { recordOmitted?: boolean }[] };
        },
    );
  const large = (sequence: number): StoredEvent =>
    stored(sequence, { record: JSON.stringify({ id: `o${sequence}`, note: 'x'.repeat(2000) }) });

  it('puts fewer events into a notification that would be too large', () => {
    const events = [large(1), large(2), large(3), stored(4)];
    const notifications = groupEvents(events, instances, 0, { raw: 'own', mostBytes: 6000 });
    expect(sequences(notifications)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(notifications.every(({ body }) => body.length <= 6000)).toBe(true);
  });

  it('sends only the id of a record that is too large by itself, and says so', () => {
    const [first, second] = bodiesOf(
      groupEvents([large(1), stored(2)], instances, 0, { raw: 'own', mostBytes: 1500 }),
    );
    expect(first?.message.raw.invoices).toEqual([{ id: 'o1' }]);
    expect(first?.message.events).toMatchObject([{ objectId: 'o1', recordOmitted: true }]);
    expect(second?.message.raw.invoices).toEqual([{ id: 'o2', total: '110.0' }]);
    expect(second?.message.events[0]).not.toHaveProperty('recordOmitted');
  });

  it('repeats the records of the whole page in each part where that is wanted, unless it is too large', () => {
    const events = Array.from({ length: 12 }, (_each, index) => stored(index + 1));
    const [first, second] = bodiesOf(groupEvents(events, instances, 0, { raw: 'page', mostBytes: 100_000 }));
    expect([first?.message.events.length, second?.message.events.length]).toEqual([10, 2]);
    expect([first?.message.raw.invoices.length, second?.message.raw.invoices.length]).toEqual([12, 12]);
    const small = bodiesOf(groupEvents(events, instances, 0, { raw: 'page', mostBytes: 2000 }));
    // The last one has room for the page, with but two events.
    expect(small.map(({ message }) => message.events.length)).toEqual([5, 5, 2]);
    expect(small.map(({ message }) => message.raw.invoices.length)).toEqual([5, 5, 12]);
  });
});

describe('halve', () => {
  it('makes two of one, in order', () => {
    expect(sequences(halve([stored(1), stored(2), stored(3)], instance, 0))).toEqual([[1, 2], [3]]);
  });

  it('cannot halve a single event', () => {
    expect(halve([stored(1)], instance, 0)).toBeUndefined();
  });
});
