import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeliveredEvent, Delivery } from '../../../src/simulator/callback/delivery.ts';
import type { Comparison, CompareOptions } from '../../../src/simulator/check/compare-ledger.ts';
import { compareLedger } from '../../../src/simulator/check/compare-ledger.ts';
import type { ChangeType, TruthEntry } from '../../../src/simulator/world/truth-entry.ts';

const startMs = Date.parse('2026-03-02T09:00:00Z');

/** `TYPE@second`, with `+n` for a change that is visible n seconds late and `!name` for another displayed_as. */
const changePattern = /^(?<type>\w+)@(?<second>\d+)(?:\+(?<late>\d+))?(?:!(?<name>\w+))?$/;

function truth(...changes: readonly string[]): readonly TruthEntry[] {
  return changes.map((text, index) => {
    const { type, second = '0', late = '0', name = 'same' } = changePattern.exec(text)?.groups ?? {};
    const changedAtMs = startMs + Number(second) * 1000;
    const updatedAt = timeOf(Number(second));
    return {
      sequence: index + 1,
      tenant: 'north',
      resource: 'customers',
      path: 'contacts',
      id: 'o1',
      version: index + 1,
      type: changeTypes.find((each) => each === type) ?? 'UPDATED',
      seenIn: type === 'DELETED' ? 'deletions' : 'changes',
      updatedAt,
      changedAtMs,
      visibleAtMs: changedAtMs + Number(late) * 1000,
      hash: name,
      record: {
        id: 'o1',
        displayed_as: name,
        $path: '/contacts/o1',
        created_at: timeOf(0),
        updated_at: type === 'DELETED' ? timeOf(0) : updatedAt,
        deleted_at: type === 'DELETED' ? updatedAt : null,
      },
    };
  });
}

const changeTypes: readonly ChangeType[] = ['CREATED', 'UPDATED', 'DELETED'];

/** `TYPE@second id`, with `!name` for the displayed_as in the record and `>n` for the second of arrival. */
const eventPattern = /^(?<type>\w+)@(?<second>\d+)(?:!(?<name>\w+))?(?:>(?<arrival>\d+))? (?<id>\w+)$/;

function ledger(...events: readonly string[]): readonly Delivery[] {
  return events.map((text, index) => {
    const { type = '', second = '0', name, arrival, id = '' } = eventPattern.exec(text)?.groups ?? {};
    return delivery(index + 1, Number(arrival ?? 1000), {
      eventId: id,
      objectId: 'o1',
      objectType: 'customers',
      eventType: type,
      date: timeOf(Number(second)),
      record: name === undefined ? undefined : { id: 'o1', displayed_as: name, addedByTheHub: 1 },
    });
  });
}

function delivery(sequence: number, arrivalSecond: number, event: DeliveredEvent): Delivery {
  return {
    sequence,
    receivedAtMs: startMs + arrivalSecond * 1000,
    tenant: 'north',
    webhookId: `w${sequence}`,
    events: [event],
    bodyHash: '',
    platformSignature: 'valid',
    standardSignature: 'valid',
    status: 200,
    isProcessed: true,
  };
}

function timeOf(second: number): string {
  return new Date(startMs + second * 1000).toISOString().replace('.000Z', 'Z');
}

const zero: Omit<Comparison, 'differences' | 'isClean'> = {
  changes: 0,
  delivered: 0,
  superseded: 0,
  supersededAfterServed: 0,
  lost: 0,
  masked: 0,
  untold: 0,
  duplicates: 0,
  differentIds: 0,
  badSignatures: 0,
  outOfOrder: 0,
  createdAgain: 0,
  unsourced: 0,
};

describe('what arrived against what happened', () => {
  test.each<[string, readonly string[], readonly string[], Partial<Comparison>]>([
    ['nothing', [], [], {}],
    [
      'all delivered',
      ['CREATED@0', 'UPDATED@5'],
      ['CREATED@0 a', 'UPDATED@5 b'],
      { changes: 2, delivered: 2 },
    ],
    ['the last one lost', ['CREATED@0', 'UPDATED@5'], ['CREATED@0 a'], { changes: 2, delivered: 1, lost: 1 }],
    ['overwritten', ['CREATED@0', 'UPDATED@5'], ['CREATED@5 a'], { changes: 2, delivered: 1, superseded: 1 }],
    ['a deletion lost', ['CREATED@0', 'DELETED@5'], ['CREATED@0 a'], { changes: 2, delivered: 1, lost: 1 }],
    [
      'a deletion by its date',
      ['CREATED@0', 'DELETED@5'],
      ['DELETED@5 a'],
      { changes: 2, delivered: 1, superseded: 1 },
    ],
    [
      'a deletion by the update',
      ['CREATED@0', 'DELETED@5'],
      ['DELETED@0 a'],
      { changes: 2, delivered: 1, superseded: 1 },
    ],
    [
      'an update is no deletion',
      ['CREATED@0', 'DELETED@5'],
      ['UPDATED@5 a'],
      { changes: 2, lost: 1, superseded: 1, unsourced: 1 },
    ],
    [
      'same id again',
      ['CREATED@0'],
      ['CREATED@0 a', 'CREATED@0 a'],
      { changes: 1, delivered: 1, duplicates: 1 },
    ],
    ['two ids', ['CREATED@0'], ['CREATED@0 a', 'UPDATED@0 b'], { changes: 1, delivered: 1, differentIds: 1 }],
    [
      'created twice',
      ['CREATED@0', 'UPDATED@5'],
      ['CREATED@0 a', 'CREATED@5 b'],
      { changes: 2, delivered: 2, createdAgain: 1 },
    ],
    [
      'disorder',
      ['CREATED@0', 'UPDATED@5'],
      ['UPDATED@5 b', 'UPDATED@0 a'],
      { changes: 2, delivered: 2, outOfOrder: 1 },
    ],
    [
      'a late repetition',
      ['CREATED@0', 'UPDATED@5'],
      ['CREATED@0 a', 'UPDATED@5 b', 'CREATED@0 a'],
      { changes: 2, delivered: 2, duplicates: 1 },
    ],
    [
      'another time',
      ['CREATED@0'],
      ['CREATED@0 a', 'UPDATED@9 b'],
      { changes: 1, delivered: 1, unsourced: 1 },
    ],
    ['another content', ['CREATED@0!A'], ['CREATED@0!B a'], { changes: 1, lost: 1, unsourced: 1 }],
    ['before it was visible', ['CREATED@0+30'], ['CREATED@0>29 a'], { changes: 1, lost: 1, unsourced: 1 }],
    [
      'there and back',
      ['CREATED@0!A', 'UPDATED@5!B', 'UPDATED@9!A'],
      ['CREATED@0!A a', 'UPDATED@5!B b', 'UPDATED@9!A c'],
      { changes: 3, delivered: 3 },
    ],
  ])('%s', (_name, changes, events, expected) => {
    const { differences, isClean, ...counts } = compareLedger(truth(...changes), ledger(...events));
    expect(counts).toEqual({ ...zero, ...expected });
    const faults = ['lost', 'masked', 'differentIds', 'outOfOrder', 'createdAgain', 'unsourced'] as const;
    expect(differences).toHaveLength(faults.reduce((sum, kind) => sum + (expected[kind] ?? 0), 0));
    expect(isClean).toBe(differences.length === 0);
  });
});

describe('changes within one second', () => {
  test('told apart by what they show, the second is lost when only the first arrived', () => {
    const changes = truth('CREATED@0', 'UPDATED@5!A', 'UPDATED@5!B');
    expect(compareLedger(changes, ledger('UPDATED@5!A a'))).toMatchObject({ lost: 1, delivered: 1 });
    expect(compareLedger(changes, ledger('UPDATED@5!A a', 'UPDATED@5!B b'))).toMatchObject({
      lost: 0,
      delivered: 2,
      isClean: true,
    });
    expect(compareLedger(changes, ledger('UPDATED@5!B b', 'UPDATED@5!A a'))).toMatchObject({ outOfOrder: 1 });
  });

  test('an event that can mean both puts neither out of order', () => {
    const changes = truth('CREATED@0', 'UPDATED@5!A', 'UPDATED@5!B');
    expect(compareLedger(changes, ledger('UPDATED@5 a', 'UPDATED@5!A b'))).toMatchObject({ outOfOrder: 0 });
  });

  test('not told apart, one event after both stands for both, and two ids are allowed', () => {
    const changes = truth('CREATED@0', 'UPDATED@5!A', 'UPDATED@5!A');
    expect(compareLedger(changes, ledger('UPDATED@5!A a'))).toMatchObject({ lost: 0, isClean: true });
    expect(compareLedger(changes, ledger('UPDATED@5!A a', 'UPDATED@5!A b')).differentIds).toBe(0);
    expect(compareLedger(changes, ledger('UPDATED@5 a', 'UPDATED@5 b', 'UPDATED@5 c')).differentIds).toBe(1);
  });

  test('not told apart, one event between them leaves the second masked', () => {
    const changes = truth('CREATED@0', 'UPDATED@5!A', 'UPDATED@5+60!A');
    const compared = compareLedger(changes, ledger('UPDATED@5!A>10 a'));
    expect(compared).toMatchObject({ lost: 0, masked: 1, isClean: false });
    expect(compared.differences).toEqual([
      { kind: 'masked', tenant: 'north', resource: 'customers', id: 'o1', version: 3, updatedAt: timeOf(5) },
    ]);
  });
});

describe('options', () => {
  const changes = truth('CREATED@0', 'UPDATED@5', 'UPDATED@9');

  test.each<[string, CompareOptions, Partial<Comparison>]>([
    ['another resource is polled', { resources: ['invoices'] }, { changes: 0, lost: 0 }],
    ['this resource is polled', { resources: ['customers'] }, { changes: 3, lost: 1 }],
    ['all is baseline', { isBaseline: () => true }, { changes: 0, lost: 0 }],
    ['some is baseline', { isBaseline: ({ version }) => version < 3 }, { changes: 1, lost: 1 }],
    [
      'a list has shown it',
      { wasServed: (sequence) => sequence === 2 },
      { superseded: 2, supersededAfterServed: 1 },
    ],
  ])('%s', (_name, options, expected) => {
    expect(compareLedger(changes, [], options)).toMatchObject(expected);
  });

  test('a baseline version may be delivered all the same', () => {
    const compared = compareLedger(changes, ledger('CREATED@0 a'), { isBaseline: () => true });
    expect(compared).toMatchObject({ unsourced: 0, isClean: true });
  });
});

describe('what the receiver did not take in', () => {
  test('a delivery that was refused delivers nothing', () => {
    const refused = ledger('CREATED@0 a').map((each) => ({ ...each, status: 500, isProcessed: false }));
    expect(compareLedger(truth('CREATED@0'), refused)).toMatchObject({ lost: 1, delivered: 0 });
  });

  test('one whose answer was lost delivers, and its repetition is a duplicate', () => {
    const [first] = ledger('CREATED@0 a');
    const lost = first === undefined ? [] : [{ ...first, status: undefined }, first];
    expect(compareLedger(truth('CREATED@0'), lost)).toMatchObject({ lost: 0, duplicates: 1, isClean: true });
  });

  test('every badly signed request is a difference', () => {
    const [first] = ledger('CREATED@0 a');
    const signed = (
      platformSignature: 'valid' | 'invalid',
      standardSignature: 'valid' | 'invalid' | 'missing',
    ) => (first === undefined ? [] : [{ ...first, platformSignature, standardSignature }]);
    const deliveries = [
      ...signed('invalid', 'valid'),
      ...signed('valid', 'invalid'),
      ...signed('valid', 'missing'),
    ];
    const compared = compareLedger(truth('CREATED@0'), deliveries);
    expect(compared).toMatchObject({ badSignatures: 2, isClean: false });
    expect(compared.differences[0]).toEqual({
      kind: 'bad-signature',
      tenant: 'north',
      delivery: 1,
      platformSignature: 'invalid',
      standardSignature: 'valid',
    });
  });
});

test('whatever part of a history arrives in order, only the last version decides about loss', () => {
  const history = fc.record({
    steps: fc.array(
      fc.record({ gap: fc.integer({ min: 1, max: 9 }), arrives: fc.integer({ min: 0, max: 3 }) }),
      { minLength: 1, maxLength: 12 },
    ),
    endsDeleted: fc.boolean(),
  });
  const check = fc.property(history, ({ steps, endsDeleted }) => {
    let second = 0;
    const changes: string[] = [];
    const events: string[] = [];
    for (const [index, { gap, arrives }] of steps.entries()) {
      second += gap;
      const isDeleted = endsDeleted && index > 0 && index === steps.length - 1;
      const type = index === 0 ? 'CREATED' : isDeleted ? 'DELETED' : 'UPDATED';
      changes.push(`${type}@${second}`);
      for (let time = 0; time < arrives; time += 1) events.push(`${type}@${second} event${index}`);
    }
    const delivered = steps.filter(({ arrives }) => arrives > 0).length;
    const lost = steps.at(-1)?.arrives === 0 ? 1 : 0;
    const { differences, ...counts } = compareLedger(truth(...changes), ledger(...events));
    expect(counts).toEqual({
      ...zero,
      changes: steps.length,
      delivered,
      lost,
      superseded: steps.length - delivered - lost,
      duplicates: events.length - delivered,
      isClean: lost === 0,
    });
    expect(differences).toHaveLength(lost);
  });
  fc.assert(check, { numRuns: 300 });
});
