import type { PollPlan } from '../poll-plan.ts';
import type { DeletionSight } from '../ports/source.ts';
import type { Checkpoint, PollState } from '../ports/poll-store.ts';
import type { PollCounts, Report } from '../report.ts';
import { nextSlot } from './next-slot.ts';
import { usable } from './usable-checkpoint.ts';
import { noCounts } from './poll-counts.ts';
import { runScan } from './scan.ts';
import type { FinishedScan, ScanPlan, ScanPorts, ScanResult } from './scan.ts';
import { writeFailure } from './write-failure.ts';

export interface PollPorts extends ScanPorts {
  readonly random: () => number;
  readonly report: Report;
  /** How far the watermark stays behind the signpost, for what becomes visible late. */
  readonly overlapMs: number;
}

/** One poll: the scan of changes, then the scan of deletions where the source has one. What came of it is in the store and in the report. */
export async function runPoll(poll: PollPlan, ports: PollPorts, signal: AbortSignal): Promise<void> {
  const startedMs = ports.clock.now();
  const state = await ports.store.polls.read(poll.key);
  const sight = ports.source.deletionSight(poll);
  const changes = await runScan(planChanges(poll, { state, sight, ports }), noCounts, ports, signal);
  const last =
    changes.kind === 'finished' && sight.kind === 'scan'
      ? await scanDeletions(poll, { sight, changes, ports, signal })
      : changes;
  if (last.kind === 'failed') await recordFailure(poll, last, { state, ports });
  if (last.kind === 'finished') {
    const isMoved =
      changes.kind === 'finished' &&
      changes.movesWatermark &&
      last.movesWatermark &&
      (changes.isOnePage || !last.hasDisturbed);
    await reportSuccess(poll, { counts: last.counts, startedMs, watermarkMoved: isMoved }, ports);
  }
}

interface PollContext {
  readonly state: PollState;
  readonly sight: DeletionSight;
  readonly ports: PollPorts;
}

function planChanges(poll: PollPlan, context: PollContext): ScanPlan {
  const { state, sight, ports } = context;
  const { watermarkMs, checkpoint } = state.scans.changes;
  const isFirst = watermarkMs === undefined;
  const firstSinceMs =
    state.baseline === 'snapshot' ? 0 : (state.baselineMs ?? wholeSeconds(ports.clock.now()));
  return {
    ...sharedPlan(poll, context, checkpoint),
    kind: 'changes',
    sinceMs: watermarkMs ?? firstSinceMs,
    learns: isFirst ? learntBy[state.baseline] : 'nothing',
    finish: (scan) =>
      // What is deleted until the scan of deletions decides whether every page was whole.
      sight.kind === 'scan' && !scan.isOnePage
        ? {}
        : finishScan(scan, poll, { state, ports, isPollEnd: sight.kind !== 'scan' }),
  };
}

const learntBy = { now: 'undated', since: 'nothing', snapshot: 'everything' } as const;

async function scanDeletions(
  poll: PollPlan,
  context: {
    readonly sight: DeletionSight;
    readonly changes: Extract<ScanResult, { kind: 'finished' }>;
    readonly ports: PollPorts;
    readonly signal: AbortSignal;
  },
): Promise<ScanResult> {
  const { sight, changes, ports, signal } = context;
  // The scan of changes may just have set the baseline and the first watermark.
  const state = await ports.store.polls.read(poll.key);
  const { watermarkMs, checkpoint } = state.scans.deletions;
  const waiting = changes.isOnePage ? undefined : changes;
  const changesWatermarkMs =
    waiting === undefined ? state.scans.changes.watermarkMs : watermarkOf(waiting, poll, ports);
  const firstSinceMs = state.baselineMs ?? changesWatermarkMs ?? wholeSeconds(ports.clock.now());
  const plan: ScanPlan = {
    // Pages of it that were read before the changes were show no deletion since.
    ...sharedPlan(poll, { state, sight, ports }, waiting === undefined ? checkpoint : undefined),
    kind: 'deletions',
    after: waiting,
    sinceMs: watermarkMs ?? firstSinceMs,
    baselineMs: state.baselineMs ?? firstSinceMs,
    learns: 'nothing',
    finish: (scan) => ({
      ...finishScan(scan, poll, { state, ports, isPollEnd: true }),
      ...(waiting?.movesWatermark === true && !scan.hasDisturbed && changesWatermarkMs !== undefined
        ? { changesWatermarkMs }
        : {}),
    }),
  };
  return runScan(plan, changes.counts, ports, signal);
}

function sharedPlan(
  poll: PollPlan,
  { state, sight, ports }: PollContext,
  checkpoint: Checkpoint | undefined,
): Pick<ScanPlan, 'poll' | 'sight' | 'pageSize' | 'baselineMs' | 'checkpoint'> {
  return {
    poll,
    sight,
    pageSize: state.pageSize ?? poll.pageSize,
    baselineMs: state.baselineMs,
    checkpoint: usable(checkpoint, { poll, scanOf: 'poll', nowMs: ports.clock.now() }),
  };
}

function finishScan(
  scan: FinishedScan,
  poll: PollPlan,
  {
    state,
    ports,
    isPollEnd,
  }: { readonly state: PollState; readonly ports: PollPorts; readonly isPollEnd: boolean },
): ReturnType<ScanPlan['finish']> {
  return {
    ...(scan.movesWatermark ? { watermarkMs: watermarkOf(scan, poll, ports) } : {}),
    ...(isPollEnd
      ? {
          pollFinish: {
            dueMs: nextSlot(poll.key, poll.intervalMs, ports.clock.now()),
            pageSize: growPage(state.pageSize, poll),
            finishedMs: ports.clock.now(),
            requestsPerHundred: averageRequests(scan, state),
          },
        }
      : {}),
  };
}

function watermarkOf(
  { signpostMs }: Pick<FinishedScan, 'signpostMs'>,
  { pollDelayMs }: PollPlan,
  { overlapMs }: PollPorts,
): number {
  return wholeSeconds(signpostMs - overlapMs - pollDelayMs);
}

/** One poll in so many: an evening's rush is forgotten the next day, and one odd poll changes little. */
const averagedPolls = 8;

/** The first poll may read years, and says nothing of those to come. */
function averageRequests(
  { requests }: FinishedScan,
  { requestsPerHundred, scans }: PollState,
): number | undefined {
  if (scans.changes.watermarkMs === undefined) return undefined;
  const latest = requests * 100;
  if (requestsPerHundred === undefined) return latest;
  return Math.round(requestsPerHundred + (latest - requestsPerHundred) / averagedPolls);
}

/** A page size that a failure has halved doubles with each success, until it is the planned one again. */
function growPage(pageSize: number | undefined, poll: PollPlan): number | undefined {
  return pageSize === undefined || pageSize * 2 >= poll.pageSize ? undefined : pageSize * 2;
}

async function recordFailure(
  poll: PollPlan,
  { failure, keepsCheckpoint }: Extract<ScanResult, { kind: 'failed' }>,
  { state, ports }: { readonly state: PollState; readonly ports: PollPorts },
): Promise<void> {
  const { failures, retryAtMs, isPaused } = await writeFailure(
    { failure, keepsCheckpoint, state, poll },
    ports,
  );
  const { instanceId: instance, resource } = poll;
  ports.report({
    kind: 'poll-failed',
    instance,
    resource,
    reason: failure.message,
    failures,
    retryAtMs,
    isPaused,
  });
}

async function reportSuccess(
  poll: PollPlan,
  {
    counts,
    startedMs,
    watermarkMoved,
  }: { readonly counts: PollCounts; readonly startedMs: number; readonly watermarkMoved: boolean },
  { store, clock, report }: PollPorts,
): Promise<void> {
  const { dueMs: nextDueMs } = await store.polls.read(poll.key);
  const { instanceId: instance, resource } = poll;
  const durationMs = clock.now() - startedMs;
  report({ kind: 'poll-finished', instance, resource, counts, durationMs, nextDueMs, watermarkMoved });
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}
