import type { Clock } from '../../sage/clock.ts';
import type { Crash } from '../crash-points.ts';
import type { PollPlan } from '../poll-plan.ts';
import type { DeletionSight, ScanKind, Source, SourceFailure, SourcePage } from '../ports/source.ts';
import type { Checkpoint, LedgerEntry, PageCommit } from '../ports/poll-store.ts';
import type { Store } from '../ports/store.ts';
import type { PollCounts } from '../report.ts';
import { decidePage } from './decide-page.ts';
import type { IdentifiedRecord, PageDecisions } from './decide-page.ts';
import type { Decision, ScanWindow } from './decide.ts';
import { planMarkOf } from './usable-checkpoint.ts';
import { countPage } from './poll-counts.ts';
import { readObjectId } from './read-field.ts';
import { floorToPattern } from './record-date.ts';
import { advance, signpostOf, startScan } from './scan-progress.ts';
import type { Progress, Step } from './scan-progress.ts';

export interface ScanPorts {
  readonly source: Pick<Source, 'deletionSight' | 'readPage'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly crash: Crash;
  /** Told of every record of a page that counts, in order. */
  readonly onDecision?: ((record: DecidedRecord) => void) | undefined;
}

export interface DecidedRecord {
  readonly poll: PollPlan;
  readonly kind: ScanKind;
  readonly objectId: string;
  readonly decision: Decision;
}

export interface ScanPlan {
  readonly poll: PollPlan;
  readonly kind: ScanKind;
  readonly sight: DeletionSight;
  readonly pageSize: number;
  readonly sinceMs: number;
  /** Undefined: becomes the signpost of this scan, unless it learns everything. */
  readonly baselineMs: number | undefined;
  readonly learns: ScanWindow['learns'];
  readonly checkpoint: Checkpoint | undefined;
  /** Only of a scan of deletions: the scan of changes that was read page by page just before it. */
  readonly after?: Pick<FinishedScan, 'signpostMs' | 'sinceMs'> | undefined;
  /** Only in a backfill: where it keeps how far it got, and up to when it reads. */
  readonly backfill?: { readonly progressKey: string; readonly untilMs: number };
  /** After so many pages the scan stops, to go on later; without, it reads all. */
  readonly mostPages?: number;
  /** What a page that is not the last commits besides its records. */
  readonly afterPage?: () => Pick<PageCommit, 'pollFinish'>;
  /** What the last page commits besides its records. */
  readonly finish: (scan: FinishedScan) => ScanFinish;
}

type ScanFinish = Pick<PageCommit, 'watermarkMs' | 'changesWatermarkMs' | 'pollFinish'>;

export interface FinishedScan {
  /** The source's time at its first answer, epoch milliseconds. */
  readonly signpostMs: number;
  readonly sinceMs: number;
  readonly movesWatermark: boolean;
  /** Its only page was read at one moment, so that no row can have moved. */
  readonly isOnePage: boolean;
  /** Something was deleted that the scan of changes before it may have shown, after that had begun. */
  readonly hasDisturbed: boolean;
  /** Requests of the poll so far. */
  readonly requests: number;
}

export type ScanResult =
  | (FinishedScan & { readonly kind: 'finished'; readonly counts: PollCounts })
  | { readonly kind: 'failed'; readonly failure: SourceFailure; readonly keepsCheckpoint: boolean }
  | { readonly kind: 'stopped'; readonly counts: PollCounts };

/** Reads every page of one scan, each committed on its own. `before` is what the poll has counted so far. */
export async function runScan(
  plan: ScanPlan,
  before: PollCounts,
  ports: ScanPorts,
  signal: AbortSignal,
): Promise<ScanResult> {
  let scan: ScanState = {
    progress: plan.checkpoint ?? startScan(plan),
    baselineMs: plan.baselineMs,
    counts: before,
    hasDisturbed: false,
  };
  let pages = 0;
  while (!signal.aborted && pages < (plan.mostPages ?? Infinity)) {
    const { cursor, sinceMs, pageSize } = scan.progress;
    const { poll, kind } = plan;
    const answer = await ports.source.readPage({ poll, kind, cursor, sinceMs, pageSize }, signal);
    if (answer.kind === 'aborted') break;
    if (answer.kind === 'failed') {
      return {
        kind: 'failed',
        failure: answer.failure,
        keepsCheckpoint: answer.failure.kind !== 'overloaded',
      };
    }
    const { step, isOnePage, ...after } = await takePage(answer.page, { plan, scan }, ports);
    if (step.kind === 'failed') {
      return { kind: 'failed', failure: { kind: 'lasting', message: step.message }, keepsCheckpoint: false };
    }
    scan = { ...after, progress: step.progress };
    if (step.kind === 'page') pages += 1;
    if (step.kind === 'page' && step.progress.cursor === undefined) {
      return {
        kind: 'finished',
        counts: scan.counts,
        ...finishedScan(step.progress, { ...after, isOnePage, requests: after.counts.pages }),
      };
    }
  }
  return { kind: 'stopped', counts: scan.counts };
}

interface ScanState {
  readonly progress: Progress;
  readonly baselineMs: number | undefined;
  readonly counts: PollCounts;
  readonly hasDisturbed: boolean;
}

interface TakenPage extends Omit<ScanState, 'progress'> {
  readonly step: Step;
  readonly isOnePage: boolean;
}

function finishedScan(
  { signpostMs, sinceMs, isUnstable }: Extract<Step, { kind: 'page' }>['progress'],
  { isOnePage, hasDisturbed, requests }: Pick<FinishedScan, 'isOnePage' | 'hasDisturbed' | 'requests'>,
): FinishedScan {
  return { signpostMs, sinceMs, movesWatermark: !isUnstable, isOnePage, hasDisturbed, requests };
}

/** Decides on a page's records, judges the page, and commits it if it counts. */
async function takePage(
  page: SourcePage,
  { plan, scan }: { readonly plan: ScanPlan; readonly scan: ScanState },
  ports: ScanPorts,
): Promise<TakenPage> {
  const { counts, progress } = scan;
  const { poll, kind, sight, learns } = plan;
  const nowMs = ports.clock.now();
  const records = identify(page, poll);
  if (records === undefined) {
    const message = `a record has no '${poll.idField}', which 'idField' names as its id`;
    return { ...scan, step: { kind: 'failed', message }, isOnePage: false };
  }
  const signpostMs = progress.signpostMs ?? signpostOf(page, nowMs);
  // The first answer of the first scan fixes the baseline, whatever happens to this scan.
  const baselineMs = scan.baselineMs ?? (learns === 'everything' ? undefined : signpostMs);
  const window: ScanWindow = {
    kind,
    sinceMs: progress.sinceMs,
    signpostMs,
    baselineMs,
    learns,
    ...(plan.backfill === undefined ? {} : { untilMs: plan.backfill.untilMs }),
  };
  const ids = records.map(({ objectId }) => objectId);
  const known = await ports.store.polls.readLedger(poll.key, ids);
  const seen = await readSeen(ids, { plan, progress }, ports);
  const decided = decidePage(records, known, { poll, sight, window });
  const step = advance(progress, {
    page,
    records,
    seenBefore: seen.size,
    hasMovedRecord: hasMovedRecord(records, decided, seen),
    nowMs,
  });
  const hasDisturbed = scan.hasDisturbed || disturbs(decided, { ids, known, plan, signpostMs });
  const isOnePage = progress.cursor === undefined && page.next === undefined;
  const taken = { step, isOnePage, hasDisturbed, baselineMs };
  if (step.kind !== 'page') return { ...taken, counts };
  await commitPage({ ...taken, plan, scan, step, ids, decided }, ports);
  decided.decisions.forEach((decision, index) =>
    ports.onDecision?.({ poll, kind, objectId: ids[index] ?? '', decision }),
  );
  return { ...taken, counts: countPage(counts, decided.decisions) };
}

/**
 * A list that is read page by page loses its place when a row of a page that was read is deleted: the next row slips onto
 * that page and is never shown. The count of rows does not tell when another one came meanwhile; the deletion does.
 */
function disturbs(
  { decisions }: PageDecisions,
  {
    ids,
    known,
    plan: { after, poll },
    signpostMs,
  }: {
    readonly ids: readonly string[];
    readonly known: ReadonlyMap<string, LedgerEntry>;
    readonly plan: ScanPlan;
    readonly signpostMs: number;
  },
): boolean {
  if (after === undefined) return false;
  const sinceMs =
    poll.updated === undefined ? after.sinceMs : floorToPattern(after.sinceMs, poll.updated, signpostMs);
  return decisions.some((decision, index) => {
    const shown = known.get(ids[index] ?? '');
    if (decision.kind !== 'event' || shown === undefined) return false;
    return (decision.dateMs ?? Infinity) >= after.signpostMs && (shown.updatedMs ?? Infinity) >= sinceMs;
  });
}

async function readSeen(
  ids: readonly string[],
  { plan, progress }: { readonly plan: ScanPlan; readonly progress: Progress },
  { store }: ScanPorts,
): Promise<ReadonlySet<string>> {
  if (progress.cursor === undefined) return new Set();
  const pollKey = plan.backfill?.progressKey ?? plan.poll.key;
  return store.polls.readScanned({ pollKey, scan: plan.kind }, ids);
}

function hasMovedRecord(
  records: readonly IdentifiedRecord[],
  { decisions }: PageDecisions,
  seen: ReadonlySet<string>,
): boolean {
  return records.some(({ objectId }, index) => seen.has(objectId) && decisions[index]?.kind !== 'drop');
}

function identify(page: SourcePage, { idField }: PollPlan): readonly IdentifiedRecord[] | undefined {
  const records: IdentifiedRecord[] = [];
  for (const record of page.records) {
    const objectId = readObjectId(record, idField);
    if (objectId === undefined) return undefined;
    records.push({ objectId, record });
  }
  return records;
}

async function commitPage(
  page: {
    readonly plan: ScanPlan;
    readonly scan: ScanState;
    readonly step: Extract<Step, { kind: 'page' }>;
    readonly isOnePage: boolean;
    readonly hasDisturbed: boolean;
    readonly baselineMs: number | undefined;
    readonly ids: readonly string[];
    readonly decided: PageDecisions;
  },
  { store, crash, clock }: ScanPorts,
): Promise<void> {
  const { plan, scan, step, baselineMs, ids, decided } = page;
  const { cursor } = step.progress;
  crash('poll-before-commit');
  await store.polls.commitPage({
    pollKey: plan.poll.key,
    ...(plan.backfill === undefined ? {} : { progressKey: plan.backfill.progressKey }),
    scan: plan.kind,
    startsScan: scan.progress.cursor === undefined,
    objectIds: ids,
    ledger: decided.ledger,
    events: decided.events,
    checkpoint:
      cursor === undefined
        ? undefined
        : { ...step.progress, cursor, planMark: planMarkOf(plan.poll), savedMs: clock.now() },
    ...(plan.baselineMs === undefined && baselineMs !== undefined ? { baselineMs } : {}),
    ...(cursor === undefined
      ? plan.finish(finishedScan(step.progress, { ...page, requests: scan.counts.pages + 1 }))
      : plan.afterPage?.()),
  });
  crash('poll-after-commit');
}
