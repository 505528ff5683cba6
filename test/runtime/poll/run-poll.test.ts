import { describe, expect, it } from 'vitest';
import { runPoll } from '../../../src/runtime/poll/run-poll.ts';
import type { PollPlan } from '../../../src/runtime/poll-plan.ts';
import type {
  DeletionSight,
  PageRequest,
  PageResult,
  SourcePage,
  SourceRecord,
} from '../../../src/runtime/ports/source.ts';
import type { StoredEvent } from '../../../src/runtime/ports/event.ts';
import type { Baseline, PollState } from '../../../src/runtime/ports/poll-store.ts';
import type { RuntimeEvent } from '../../../src/runtime/report.ts';
import { openStore } from '../open-store.ts';
import { createVirtualClock } from '../virtual-clock.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { planPoll } from './poll-plan.ts';

const startMs = Date.UTC(2026, 10, 23, 9);
const overlapMs = 120_000;
const iso = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;

/** A record that was created long ago, and changed so many seconds after the start. */
function changed(id: string, afterSeconds = 10, name = 'A'): SourceRecord {
  return { id, name, created_at: '2020-01-01T00:00:00Z', updated_at: iso(startMs + afterSeconds * 1000) };
}

type Answer =
  | Partial<SourcePage>
  | { readonly failure: Extract<PageResult, { kind: 'failed' }>['failure'] }
  | 'aborted';

interface Scene extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly requests: PageRequest[];
  readonly reports: RuntimeEvent[];
  /** Polls once; the source gives these answers, one for each page that it is asked for. */
  readonly poll: (...answers: readonly Answer[]) => Promise<PollState>;
  readonly events: () => Promise<readonly StoredEvent[]>;
  /** Changes the entry, as a reload would. */
  readonly change: (differences: Partial<PollPlan>) => void;
}

async function openScene(
  baseline: Baseline = { kind: 'since', fromMs: startMs },
  { plan, sight }: { readonly plan?: Partial<PollPlan>; readonly sight?: DeletionSight } = {},
): Promise<Scene> {
  const store = await openStore();
  const clock = createVirtualClock(startMs + 60_000);
  let poll = planPoll({ pageSize: 100, ...plan });
  const requests: PageRequest[] = [];
  const reports: RuntimeEvent[] = [];
  await store.polls.ensure(poll, { baseline, nowMs: clock.now() });
  const report = (event: RuntimeEvent): number => reports.push(event);
  return {
    clock,
    requests,
    reports,
    poll: async (...answers) => {
      const left = [...answers];
      const readPage = async (request: PageRequest): Promise<PageResult> => {
        requests.push(request);
        return toResult(left.shift(), clock.now());
      };
      const source = {
        refusal: () => undefined,
        deletionSight: () => sight ?? ({ kind: 'blind', why: '' } as const),
        readPage,
        [Symbol.asyncDispose]: async () => undefined,
      };
      const ports = { source, store, clock, crash: () => undefined, random: () => 0, report, overlapMs };
      await runPoll(poll, ports, new AbortController().signal);
      expect(left, 'every page that was prepared was asked for').toEqual([]);
      return store.polls.read(poll.key);
    },
    events: () => store.outbox.readUngrouped({ kind: 'new', instanceIds: ['acme'], limit: 1000 }),
    change: (differences) => (poll = { ...poll, ...differences }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

function toResult(answer: Answer | undefined, nowMs: number): PageResult {
  if (answer === undefined) throw new Error('a page more was asked for than the test has');
  if (answer === 'aborted') return { kind: 'aborted' };
  if ('failure' in answer) return { kind: 'failed', failure: answer.failure };
  const records = answer.records ?? [];
  const page = { records, total: records.length, next: undefined, serverTimeMs: nowMs, ...answer };
  return { kind: 'page', page };
}

const ids = (events: readonly StoredEvent[]): readonly string[] => events.map(({ objectId }) => objectId);
const rows = (from: number, to: number): readonly SourceRecord[] =>
  Array.from({ length: to - from + 1 }, (_value, index) => changed(`o${from + index}`));
const first = { records: rows(1, 2), total: 4, next: 'page 2' };
const second = { records: rows(3, 4), total: 4 };

describe('a poll', () => {
  it('reads all pages and moves the watermark to the first answer’s time, less the overlap', async () => {
    await using scene = await openScene();
    const state = await scene.poll(first, second);
    expect(ids(await scene.events())).toEqual(['o1', 'o2', 'o3', 'o4']);
    expect(state.scans.changes).toEqual({ watermarkMs: startMs + 60_000 - overlapMs, checkpoint: undefined });
    expect(scene.requests.map(({ cursor, sinceMs }) => [cursor, sinceMs])).toEqual([
      [undefined, startMs],
      ['page 2', startMs],
    ]);
    expect(scene.reports).toMatchObject([
      { kind: 'poll-finished', counts: { pages: 2, records: 4 }, watermarkMoved: true },
    ]);
  });

  it('stays behind by the poll delay as well', async () => {
    await using scene = await openScene(undefined, { plan: { pollDelayMs: 30_000 } });
    const state = await scene.poll({});
    expect(state.scans.changes.watermarkMs).toBe(startMs + 60_000 - overlapMs - 30_000);
  });

  it.each([
    ['the source’s clock, when ours is ahead', -600_000],
    ['our clock, when the source’s is ahead', 0],
  ])('takes %s', async (_case, behindMs) => {
    await using scene = await openScene();
    const sourceMs = scene.clock.now() + (behindMs === 0 ? 600_000 : behindMs);
    const state = await scene.poll({ serverTimeMs: sourceMs });
    expect(state.scans.changes.watermarkMs).toBe(Math.min(sourceMs, scene.clock.now()) - overlapMs);
  });

  it('drops what the overlap shows again, and delivers a change back to what was', async () => {
    await using scene = await openScene();
    await scene.poll({ records: [changed('o1', 10, 'A')] });
    await scene.poll({ records: [changed('o1', 10, 'A')] });
    await scene.poll({ records: [changed('o1', 20, 'B')] });
    await scene.poll({ records: [changed('o1', 30, 'A')] });
    expect(ids(await scene.events())).toEqual(['o1', 'o1', 'o1']);
  });

  it('delivers nothing from before a baseline of now, and everything from its second on', async () => {
    await using scene = await openScene({ kind: 'now' });
    const state = await scene.poll({ records: [changed('old', 59), changed('new', 60)] });
    expect(state.baselineMs).toBe(startMs + 60_000);
    expect(ids(await scene.events())).toEqual(['new']);
  });

  it('learns what a snapshot shows, and delivers what changes afterwards', async () => {
    await using scene = await openScene({ kind: 'snapshot' });
    await scene.poll({ records: [changed('o1', -9999), changed('o2', -9999)] });
    expect(await scene.events()).toEqual([]);
    expect(scene.requests[0]?.sinceMs).toBe(0);
    await scene.poll({ records: [changed('o2', 60)] });
    expect(await scene.events()).toMatchObject([{ objectId: 'o2', type: 'UPDATED' }]);
  });

  it('commits each page, and goes on where it was stopped', async () => {
    await using scene = await openScene();
    const state = await scene.poll(first, 'aborted');
    expect(ids(await scene.events())).toEqual(['o1', 'o2']);
    expect(state.scans.changes).toMatchObject({
      watermarkMs: undefined,
      checkpoint: { cursor: 'page 2', collected: 2 },
    });
    scene.clock.advance(60_000);
    const after = await scene.poll(second);
    expect(scene.requests.at(-1)?.cursor).toBe('page 2');
    expect(after.scans.changes.watermarkMs).toBe(startMs + 60_000 - overlapMs);
  });

  it('begins again when the entry asks for something else than what was interrupted', async () => {
    await using scene = await openScene();
    await scene.poll(first, 'aborted');
    scene.change({ url: '/hubs/finance/vendors' });
    await scene.poll(first, second);
    expect(scene.requests[2]?.cursor).toBeUndefined();
  });

  it('counts the records whose dates it cannot read', async () => {
    await using scene = await openScene();
    const broken = { ...changed('o1'), updated_at: '23.11.2026' };
    await scene.poll({ records: [broken, changed('o2')] });
    expect(scene.reports).toMatchObject([{ kind: 'poll-finished', counts: { unreadableDates: 1 } }]);
  });

  it('begins again when it was stopped too long ago', async () => {
    await using scene = await openScene();
    await scene.poll(first, 'aborted');
    scene.clock.advance(3_600_000);
    await scene.poll(first, second);
    expect(scene.requests[2]?.cursor).toBeUndefined();
    expect(await scene.events()).toHaveLength(4);
  });
});

describe('a poll that fails', () => {
  it('moves nothing but its failures, and waits', async () => {
    await using scene = await openScene();
    const failure = { kind: 'temporary', message: 'slow down', retryAfterMs: 30_000 } as const;
    const state = await scene.poll(first, { failure });
    expect(state).toMatchObject({
      failures: 1,
      failureReason: 'slow down',
      notBeforeMs: scene.clock.now() + 30_000,
      scans: { changes: { watermarkMs: undefined, checkpoint: { cursor: 'page 2' } } },
    });
    expect(scene.reports).toMatchObject([
      { kind: 'poll-failed', reason: 'slow down', failures: 1, isPaused: false },
    ]);
  });

  it('asks for half a page after an overload, and for more again with each success', async () => {
    await using scene = await openScene();
    const overload = { failure: { kind: 'overloaded', message: 'Sage answered 504' } } as const;
    await scene.poll(overload);
    await scene.poll(overload);
    for (let index = 0; index < 3; index += 1) await scene.poll({});
    expect(scene.requests.map(({ pageSize }) => pageSize)).toEqual([100, 50, 25, 50, 100]);
  });

  it('is paused after a hundred times', async () => {
    await using scene = await openScene();
    const failure = { failure: { kind: 'lasting', message: 'no' } } as const;
    for (let index = 0; index < 99; index += 1) expect((await scene.poll(failure)).isPaused).toBe(false);
    expect((await scene.poll(failure)).isPaused).toBe(true);
  });

  it.each<[string, readonly Answer[], string]>([
    [
      'a short read',
      [first, { records: rows(3, 3), total: 4 }],
      'the list announced 4 records and ended after 3',
    ],
    ['a repeated page', [first, { ...first, next: 'page 3' }], 'a page repeats the one before'],
    [
      'empty pages without end',
      [
        { next: 'page 2', total: 9 },
        { next: 'page 3', total: 9 },
      ],
      'a page repeats the one before',
    ],
    ['a record without id', [{ records: [{ name: 'A' }] }], "a record has no 'id'"],
  ])('fails for %s, without a watermark', async (_case, answers, reason) => {
    await using scene = await openScene();
    const state = await scene.poll(...answers);
    expect(state.failureReason).toContain(reason);
    expect(state.scans.changes).toEqual({ watermarkMs: undefined, checkpoint: undefined });
  });
});

describe('rows that move while they are read', () => {
  const shrunk = { records: rows(4, 4), total: 3 };

  it('are read again from the start when the total shrinks', async () => {
    await using scene = await openScene();
    const state = await scene.poll(first, shrunk, { records: rows(1, 3), total: 3 });
    expect(scene.requests.map(({ cursor }) => cursor)).toEqual([undefined, 'page 2', undefined]);
    expect(ids(await scene.events())).toEqual(['o1', 'o2', 'o3']);
    expect(state.scans.changes.watermarkMs).toBeDefined();
  });

  it('count after three restarts, but the watermark stays', async () => {
    await using scene = await openScene();
    const state = await scene.poll(first, shrunk, first, shrunk, first, shrunk, first, shrunk);
    expect(scene.requests).toHaveLength(8);
    expect(ids(await scene.events())).toEqual(['o1', 'o2', 'o4']);
    expect(state.scans.changes).toEqual({ watermarkMs: undefined, checkpoint: undefined });
    expect(state.failures).toBe(0);
    expect(scene.reports).toMatchObject([{ kind: 'poll-finished', watermarkMoved: false }]);
  });

  it('are read again when one comes back in a new version', async () => {
    await using scene = await openScene();
    const moved = { records: [changed('o4'), changed('o1', 50, 'B')], total: 4 };
    await scene.poll(first, moved, { records: [...rows(2, 4), changed('o1', 50, 'B')] });
    expect(scene.requests).toHaveLength(3);
    expect(new Set(ids(await scene.events()))).toEqual(new Set(['o1', 'o2', 'o3', 'o4']));
  });

  it('are read again when there are fewer than were announced, and others twice', async () => {
    await using scene = await openScene();
    const twice = { records: [changed('o2'), changed('o4')], total: 4 };
    await scene.poll(first, twice, first, second);
    expect(scene.requests).toHaveLength(4);
    expect(await scene.events()).toHaveLength(4);
  });

  it('do no harm when the list grows', async () => {
    await using scene = await openScene();
    const state = await scene.poll(first, { records: [changed('o2'), ...rows(3, 4)], total: 5 });
    expect(scene.requests).toHaveLength(2);
    expect(state.scans.changes.watermarkMs).toBeDefined();
  });

  it('are remembered over an interruption', async () => {
    await using scene = await openScene();
    await scene.poll(first, 'aborted');
    const twice = { records: [changed('o2'), changed('o4')], total: 4 };
    await scene.poll(twice, first, second);
    expect(await scene.events()).toHaveLength(4);
  });
});

function deleted(id: string, afterSeconds: number): SourceRecord {
  return { id, deleted_at: iso(startMs + afterSeconds * 1000) };
}

describe('deletions', () => {
  const sight = { kind: 'scan', dateField: 'deleted_at' } as const;

  it('are a scan of their own, with its own watermark', async () => {
    await using scene = await openScene(undefined, { sight });
    const state = await scene.poll({ records: [changed('o1')] }, { records: [deleted('o1', 20)] });
    expect(scene.requests.map(({ kind }) => kind)).toEqual(['changes', 'deletions']);
    expect(await scene.events()).toMatchObject([
      { type: 'UPDATED' },
      { type: 'DELETED', dateMs: startMs + 20_000 },
    ]);
    expect(state.scans.deletions.watermarkMs).toBe(startMs + 60_000 - overlapMs);
  });

  it('are delivered once, however often the overlap shows them', async () => {
    await using scene = await openScene(undefined, { sight });
    for (let index = 0; index < 3; index += 1) await scene.poll({}, { records: [deleted('o1', 20)] });
    expect(ids(await scene.events())).toEqual(['o1']);
  });

  it('that fail leave the watermark of the changes where the changes have moved it', async () => {
    await using scene = await openScene(undefined, { sight });
    const state = await scene.poll({}, { failure: { kind: 'temporary', message: 'down' } });
    expect(state).toMatchObject({ failures: 1, dueMs: startMs + 60_000 });
    expect(state.scans.changes.watermarkMs).toBeDefined();
    expect(state.scans.deletions.watermarkMs).toBeUndefined();
  });

  describe('while changes are read page by page', () => {
    it('leave the watermark where it was, because a row may have slipped to a page that was read', async () => {
      await using scene = await openScene(undefined, { sight });
      // o1 is deleted and o5 created between the pages: o3 slips to the first one, and the total stays.
      const rest = { records: [changed('o4'), changed('o5', 61)], total: 4 };
      const state = await scene.poll(first, rest, { records: [deleted('o1', 60)] });
      expect(state.scans.changes.watermarkMs).toBeUndefined();
      expect(scene.reports).toMatchObject([{ kind: 'poll-finished', watermarkMoved: false }]);
      scene.clock.advance(300_000);
      const after = await scene.poll({ records: [...rows(2, 4), changed('o5', 61)] }, {});
      expect(ids(await scene.events())).toEqual(['o1', 'o2', 'o4', 'o5', 'o1', 'o3']);
      expect(after.scans.changes.watermarkMs).toBe(startMs + 360_000 - overlapMs);
    });

    it('of what they do not show, or from before, move it', async () => {
      for (const { id, afterSeconds } of [
        { id: 'other', afterSeconds: 60 },
        { id: 'o1', afterSeconds: 59 },
      ]) {
        await using scene = await openScene(undefined, { sight });
        const state = await scene.poll(first, second, { records: [deleted(id, afterSeconds)] });
        expect(state.scans.changes.watermarkMs).toBe(startMs + 60_000 - overlapMs);
      }
    });

    it('have to be known before it moves', async () => {
      await using scene = await openScene(undefined, { sight });
      const state = await scene.poll(first, second, { failure: { kind: 'temporary', message: 'down' } });
      expect(state.scans.changes).toEqual({ watermarkMs: undefined, checkpoint: undefined });
    });
  });

  it('from before the baseline are not delivered', async () => {
    await using scene = await openScene({ kind: 'now' }, { sight });
    await scene.poll({}, { records: [deleted('old', 59), deleted('new', 60)] });
    expect(ids(await scene.events())).toEqual(['new']);
  });
});
