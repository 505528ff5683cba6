import { createHash } from 'node:crypto';
import type { SourcePage } from '../ports/source.ts';
import type { Checkpoint } from '../ports/poll-store.ts';
import type { IdentifiedRecord } from './decide-page.ts';

/** How far a scan got. `signpostMs` and `pageMark` are there after the first page, `cursor` between two pages. */
export type Progress = Omit<Checkpoint, 'signpostMs' | 'cursor' | 'pageMark' | 'planMark' | 'savedMs'> & {
  readonly signpostMs: number | undefined;
  readonly cursor: string | undefined;
  readonly pageMark: string | undefined;
};

export function startScan(start: Pick<Progress, 'sinceMs' | 'pageSize'>): Progress {
  return {
    ...start,
    signpostMs: undefined,
    cursor: undefined,
    collected: 0,
    distinct: 0,
    firstTotal: undefined,
    highestTotal: 0,
    restarts: 0,
    isUnstable: false,
    pageMark: undefined,
  };
}

/** A page that was read, with what is needed to judge it. */
export interface ReadPage {
  readonly page: SourcePage;
  readonly records: readonly IdentifiedRecord[];
  /** Objects of this page that earlier pages of the scan have shown. */
  readonly seenBefore: number;
  /** Among them one in another version than before: it moved while the scan was running. */
  readonly hasMovedRecord: boolean;
  readonly nowMs: number;
}

export type Step =
  | {
      readonly kind: 'page';
      readonly progress: Progress & { readonly signpostMs: number; readonly pageMark: string };
    }
  | { readonly kind: 'restart'; readonly progress: Progress }
  | { readonly kind: 'failed'; readonly message: string };

/** After so many restarts because rows moved, the scan goes on to its end, but does not move the watermark. */
const mostRestarts = 3;

/** Judges a page by the pages before it. */
export function advance(progress: Progress, read: ReadPage): Step {
  const pageMark = markOf(read.records);
  if (pageMark === progress.pageMark)
    return failed('a page repeats the one before, so its end cannot be told');
  const next = addPage(progress, read, pageMark);
  const total = read.page.total ?? 0;
  if (haveRowsMoved(progress, next, read)) {
    if (progress.restarts < mostRestarts) return { kind: 'restart', progress: restart(progress) };
    return { kind: 'page', progress: { ...next, isUnstable: true } };
  }
  if (read.page.next === undefined && next.collected < total && !next.isUnstable) {
    return failed(`the list announced ${total} records and ended after ${next.collected}`);
  }
  return { kind: 'page', progress: next };
}

/**
 * True when a row may have slipped to a page that was read already: the total shrank; or a record came back in a new
 * version, so that it has left its old place; or, at the end, there are fewer objects than the first page announced.
 */
function haveRowsMoved(before: Progress, after: Progress, { page, hasMovedRecord }: ReadPage): boolean {
  const hasShrunk = page.total !== undefined && page.total < before.highestTotal;
  const isIncomplete =
    page.next === undefined &&
    after.collected >= (page.total ?? 0) &&
    after.distinct < (after.firstTotal ?? 0);
  return hasShrunk || hasMovedRecord || isIncomplete;
}

function addPage(
  progress: Progress,
  { page, records, seenBefore, nowMs }: ReadPage,
  pageMark: string,
): Progress & { readonly signpostMs: number; readonly pageMark: string } {
  const distinctOnPage = new Set(records.map(({ objectId }) => objectId)).size;
  return {
    ...progress,
    signpostMs: progress.signpostMs ?? signpostOf(page, nowMs),
    cursor: page.next,
    collected: progress.collected + records.length,
    distinct: progress.distinct + distinctOnPage - seenBefore,
    firstTotal: progress.cursor === undefined ? page.total : progress.firstTotal,
    highestTotal: Math.max(progress.highestTotal, page.total ?? 0),
    pageMark,
  };
}

function restart({ sinceMs, pageSize, restarts }: Progress): Progress {
  return { ...startScan({ sinceMs, pageSize }), restarts: restarts + 1 };
}

/**
 * The source's clock, in whole seconds; but not later than ours. If one of the two runs ahead, records written now would
 * lie before a watermark taken from it, and be lost; a clock that is behind only makes the next poll read more.
 */
export function signpostOf({ serverTimeMs }: SourcePage, nowMs: number): number {
  return Math.floor(Math.min(serverTimeMs ?? nowMs, nowMs) / 1000) * 1000;
}

function markOf(records: readonly IdentifiedRecord[]): string {
  const ids = JSON.stringify(records.map(({ objectId }) => objectId));
  return createHash('sha256').update(ids).digest('base64url');
}

function failed(message: string): Step {
  return { kind: 'failed', message };
}
