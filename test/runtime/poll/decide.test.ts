import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/runtime/poll/decide.ts';
import type { Decision, ScanWindow } from '../../../src/runtime/poll/decide.ts';
import type { PollPlan } from '../../../src/runtime/poll-plan.ts';
import type { DeletionSight, SourceRecord } from '../../../src/runtime/ports/source.ts';
import type { LedgerEntry } from '../../../src/runtime/ports/poll-store.ts';
import { planPoll } from './poll-plan.ts';

const at = (time: string): number => Date.parse(`2026-11-23T${time}Z`);
const text = (time: string): string => `2026-11-23T${time}Z`;
const window: ScanWindow = {
  kind: 'changes',
  sinceMs: at('09:00:00'),
  signpostMs: at('10:00:00'),
  baselineMs: at('08:00:00'),
  learns: 'nothing',
};

interface Case {
  readonly record: SourceRecord;
  readonly known?: LedgerEntry | undefined;
  readonly poll?: Partial<PollPlan>;
  readonly window?: Partial<ScanWindow>;
  readonly sight?: DeletionSight;
}

function decideCase(scene: Case): Decision {
  return decide(
    scene.record,
    { id: 'o1', known: scene.known },
    {
      poll: planPoll(scene.poll),
      sight: scene.sight ?? { kind: 'blind', why: '' },
      window: { ...window, ...scene.window },
    },
  );
}

/** The ledger entry that these records, read one after another, leave behind. */
function entryAfter(...records: readonly SourceRecord[]): LedgerEntry | undefined {
  let known: LedgerEntry | undefined;
  for (const record of records) {
    const decision = decideCase({ record, known });
    if (decision.kind !== 'drop') known = decision.entry;
  }
  return known;
}

/** The entry of an object that was reported as deleted. */
function deletedEntry(time: string): LedgerEntry {
  const decision = decideCase({
    record: { deleted_at: text(time) },
    window: { kind: 'deletions' },
    sight: { kind: 'scan', dateField: 'deleted_at' },
  });
  if (decision.kind === 'drop') throw new Error('a deletion was expected to make an entry');
  return decision.entry;
}

const record = (created: string, updated: string, name = 'A'): SourceRecord => ({
  name,
  created_at: text(created),
  updated_at: text(updated),
});

describe('the type of an event', () => {
  it.each<[string, Case, string]>([
    ['is CREATED when both dates are the same', { record: record('09:30:00', '09:30:00') }, 'CREATED'],
    ['is CREATED at the edge of the tolerance', { record: record('09:30:00', '09:30:10') }, 'CREATED'],
    ['is UPDATED past the tolerance', { record: record('09:30:00', '09:30:11') }, 'UPDATED'],
    [
      'follows the entry’s tolerance',
      { record: record('09:30:00', '09:30:11'), poll: { createdCheckToleranceMs: 60_000 } },
      'CREATED',
    ],
    [
      'is UPDATED when the object was created long before',
      { record: record('01:00:00', '09:30:00') },
      'UPDATED',
    ],
    [
      'is never CREATED again',
      { record: record('09:30:00', '09:30:05', 'B'), known: entryAfter(record('09:30:00', '09:30:00')) },
      'UPDATED',
    ],
    [
      'is CREATED for an unknown object without dates',
      { record: { name: 'A' }, poll: { updated: undefined } },
      'CREATED',
    ],
    ['is UPDATED for a known one', { record: { name: 'B' }, known: entryAfter({ name: 'A' }) }, 'UPDATED'],
    [
      'is UPDATED for an object that came back',
      { record: record('09:00:00', '09:50:00'), known: deletedEntry('09:40:00') },
      'UPDATED',
    ],
    [
      'is DELETED for what the scan of deletions shows',
      {
        record: { deleted_at: text('09:30:00'), updated_at: text('01:00:00') },
        window: { kind: 'deletions' },
        sight: { kind: 'scan', dateField: 'deleted_at' },
      },
      'DELETED',
    ],
    [
      'is DELETED for a record with its flag set',
      {
        record: { ...record('01:00:00', '09:30:00'), deleted: true },
        sight: { kind: 'flag', field: 'deleted' },
      },
      'DELETED',
    ],
  ])('%s', (_case, scene, type) => {
    const decision = decideCase(scene);
    expect(decision).toMatchObject({ kind: 'event', type });
    expect(decision.kind === 'event' && decision.reason).not.toBe('');
  });
});

describe('what makes no event', () => {
  it.each<[string, Case, string]>([
    [
      'the version that was read last',
      { record: record('09:00:00', '09:30:00'), known: entryAfter(record('09:00:00', '09:30:00')) },
      'known',
    ],
    ['a record from before the baseline', { record: record('07:00:00', '07:59:59') }, 'before-baseline'],
    ['a record from before the watermark', { record: record('08:30:00', '08:59:59') }, 'outside-window'],
    [
      'with filterByUpdatedDate false, a record that was created before the watermark',
      { record: record('08:30:00', '09:30:00'), poll: { filterByUpdatedDate: false } },
      'outside-window',
    ],
    [
      'with filterByCurrentDate, a record from after the start of the poll',
      { record: record('09:00:00', '10:00:01'), poll: { filterByCurrentDate: true } },
      'after-poll-start',
    ],
    [
      'a version from before the deletion',
      { record: record('09:00:00', '09:30:00'), known: deletedEntry('09:40:00') },
      'before-deletion',
    ],
    [
      'a deletion that is known, even if the record shows something else now',
      {
        record: { deleted_at: text('09:40:00'), name: 'other' },
        known: deletedEntry('09:40:00'),
        window: { kind: 'deletions' },
        sight: { kind: 'scan', dateField: 'deleted_at' },
      },
      'known',
    ],
    [
      'a deletion from before the baseline',
      {
        record: { deleted_at: text('07:00:00') },
        window: { kind: 'deletions' },
        sight: { kind: 'scan', dateField: 'deleted_at' },
      },
      'before-baseline',
    ],
  ])('%s', (_case, scene, why) => {
    expect(decideCase(scene)).toEqual({ kind: 'drop', why, hasUnreadableDate: false });
  });
});

describe('what does make an event', () => {
  it.each<[string, Case]>([
    ['a record of the watermark’s own second', { record: record('08:00:00', '09:00:00') }],
    [
      'a record of the baseline’s own second',
      { record: record('08:00:00', '08:00:00'), window: { sinceMs: at('08:00:00') } },
    ],
    [
      'a date of today, compared with a time of today',
      {
        record: { updated_at: '2026-11-23', created_at: '2026-11-01' },
        poll: {
          updated: { field: 'updated_at', pattern: 'yyyy-MM-dd', zone: 'GMT' },
          created: { field: 'created_at', pattern: 'yyyy-MM-dd', zone: 'GMT' },
        },
      },
    ],
    [
      'without filterByCurrentDate, a record from after the start of the poll',
      { record: record('09:00:00', '10:00:01') },
    ],
    ['a date that cannot be read', { record: { ...record('09:00:00', '09:30:00'), updated_at: 'soon' } }],
    [
      'a second version within a second',
      { record: record('09:30:00', '09:30:00', 'B'), known: entryAfter(record('09:30:00', '09:30:00')) },
    ],
  ])('%s', (_case, scene) => {
    expect(decideCase(scene).kind).toBe('event');
  });
});

describe('learning', () => {
  it('takes note of everything in a snapshot, however old', () => {
    const scene = {
      record: record('01:00:00', '01:00:00'),
      window: { learns: 'everything', sinceMs: 0, baselineMs: undefined },
    } as const;
    expect(decideCase(scene).kind).toBe('learn');
  });

  it('takes note of undated records in a first scan from now', () => {
    const dated = { record: record('09:30:00', '09:30:00'), window: { learns: 'undated' } } as const;
    const undated = { record: { name: 'A' }, window: { learns: 'undated' } } as const;
    expect(decideCase(dated).kind).toBe('event');
    expect(decideCase(undated).kind).toBe('learn');
  });
});

function versionOf(decision: Decision): string | undefined {
  return decision.kind === 'event' ? decision.version : undefined;
}

describe('the version of an event', () => {
  it('is the same whoever reads it, whatever the order of keys', () => {
    const first = decideCase({ record: { a: 1, b: { c: 2, d: [3] } }, poll: { updated: undefined } });
    const second = decideCase({ record: { b: { d: [3], c: 2 }, a: 1 }, poll: { updated: undefined } });
    expect(versionOf(first)).toBe(versionOf(second));
  });

  it('differs for each of A, B and A again within a second', () => {
    const a = record('09:30:00', '09:30:00', 'A');
    const b = record('09:30:00', '09:30:00', 'B');
    const versions = [[], [a], [a, b], [a, b, a]].map((before, index) =>
      versionOf(decideCase({ record: index % 2 === 0 ? a : b, known: entryAfter(...before) })),
    );
    expect(new Set(versions).size).toBe(4);
    expect(versions).not.toContain(undefined);
  });

  it('never returns for an undated object that goes back and forth', () => {
    const versions = new Set<string | undefined>();
    let known: LedgerEntry | undefined;
    for (let index = 0; index < 100; index += 1) {
      const decision = decideCase({ record: { on: index % 2 === 0 }, known, poll: { updated: undefined } });
      versions.add(versionOf(decision));
      known = decision.kind === 'drop' ? known : decision.entry;
    }
    expect(versions.size).toBe(100);
  });
});

describe('decide, in a backfill', () => {
  const backfill = { sinceMs: at('08:00:00'), untilMs: at('09:00:00') };
  const [before, within, after] = ['07:59:59', '08:00:00', '09:00:00'].map((time) =>
    record('07:00:00', time),
  );

  it.each<[string, SourceRecord | undefined, string]>([
    ['before it', before, 'outside-window'],
    ['after it', after, 'after-window'],
    ['at no time', { id: 'o1' }, 'undated'],
  ])('drops what changed %s', (_case, given, why) => {
    expect(decideCase({ record: given ?? {}, window: backfill })).toMatchObject({ kind: 'drop', why });
  });

  it('delivers what is known again, under the version that it had', () => {
    const plain = { sinceMs: at('08:00:00') };
    const versions = ['A', 'B', 'A'].map((name) => record('07:00:00', '08:30:00', name));
    let known: LedgerEntry | undefined;
    for (const version of versions) {
      const first = decideCase({ record: version, known, window: plain });
      if (first.kind !== 'event') throw new Error('an event was expected');
      known = first.entry;
      const again = decideCase({ record: version, known, window: backfill });
      expect(again).toMatchObject({ kind: 'event', version: first.version, entry: known });
    }
  });

  it('leaves a version alone that is older than the one that was delivered', () => {
    const known = entryAfter(record('07:00:00', '09:30:00'));
    expect(decideCase({ record: within ?? {}, known, window: backfill })).toMatchObject({
      kind: 'drop',
      why: 'known',
    });
    const deleted = deletedEntry('08:30:00');
    expect(decideCase({ record: within ?? {}, known: deleted, window: backfill })).toMatchObject({
      kind: 'drop',
      why: 'before-deletion',
    });
  });
});
