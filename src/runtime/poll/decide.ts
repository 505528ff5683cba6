import type { PollPlan } from '../poll-plan.ts';
import type { DeletionSight, ScanKind, SourceRecord } from '../ports/source.ts';
import type { EventType } from '../ports/event.ts';
import type { LedgerEntry } from '../ports/poll-store.ts';
import { isBeforeDeletion, isKnownVersion, nextEntry, readVersion, versionText } from './object-version.ts';
import type { Version } from './object-version.ts';
import { floorToPattern } from './record-date.ts';

/** What a record is compared with. All times are epoch milliseconds. */
export interface ScanWindow {
  readonly kind: ScanKind;
  readonly sinceMs: number;
  /** The source's time at the scan's first answer. */
  readonly signpostMs: number;
  readonly baselineMs: number | undefined;
  /**
   * What is taken note of and not delivered, which only the first scan does: everything for a snapshot; for the baseline
   * `now` the records without a date, which cannot be compared with it.
   */
  readonly learns: 'everything' | 'undated' | 'nothing';
  /** Only in a backfill, which delivers what lies between `sinceMs` and this, known or not. */
  readonly untilMs?: number;
}

/**
 * Why a record makes no event:
 * - `known` its latest version was read before
 * - `before-baseline` it changed before the first poll, or before the time that the user named
 * - `outside-window` it is older than what was asked for; many of them mean that a filter has no effect
 * - `after-poll-start` `filterByCurrentDate` leaves it to the next poll
 * - `before-deletion` it is older than the object's deletion, which is known
 * - `after-window` it changed after the time that a backfill reads
 * - `undated` it says no time, so a backfill cannot tell whether it belongs to the time that it reads
 */
export type DropReason =
  | 'known'
  | 'before-baseline'
  | 'outside-window'
  | 'after-poll-start'
  | 'before-deletion'
  | 'after-window'
  | 'undated';

export type Decision = DecisionKind & {
  /** One of its dates is there, but not as the entry's pattern has it: the poll goes on without that date. */
  readonly hasUnreadableDate: boolean;
};

type DecisionKind =
  | { readonly kind: 'drop'; readonly why: DropReason }
  | { readonly kind: 'learn'; readonly entry: LedgerEntry }
  | {
      readonly kind: 'event';
      readonly type: EventType;
      readonly reason: string;
      readonly version: string;
      /** When the object changed; undefined where the record does not say. */
      readonly dateMs: number | undefined;
      readonly entry: LedgerEntry;
    };

/** Decides what a record means, given the latest version of its object that was read before. */
export function decide(
  record: SourceRecord,
  object: { readonly id: string; readonly known: LedgerEntry | undefined },
  {
    poll,
    sight,
    window,
  }: { readonly poll: PollPlan; readonly sight: DeletionSight; readonly window: ScanWindow },
): Decision {
  const version = readVersion(record, object.id, { poll, sight, window });
  const decision =
    window.untilMs === undefined
      ? decideVersion(version, object.known, { poll, window })
      : decideAgain(version, object.known, { poll, window, untilMs: window.untilMs });
  return { ...decision, hasUnreadableDate: version.hasUnreadableDate };
}

interface DecisionContext {
  readonly poll: PollPlan;
  readonly window: ScanWindow;
}

function decideVersion(
  version: Version,
  known: LedgerEntry | undefined,
  { poll, window }: DecisionContext,
): DecisionKind {
  if (isKnownVersion(version, known)) return { kind: 'drop', why: 'known' };
  if (isBeforeDeletion(version, known)) return { kind: 'drop', why: 'before-deletion' };
  const dropped = dropByDate(version, poll, window);
  if (dropped !== undefined) return { kind: 'drop', why: dropped };
  const entry = nextEntry(version, known);
  if (isLearnt(version, window)) return { kind: 'learn', entry };
  const { type, reason } = typeOf(version, known, poll);
  return {
    kind: 'event',
    type,
    reason,
    version: versionText(version, entry),
    dateMs: version.updatedMs,
    entry,
  };
}

/**
 * For a backfill: what is known is delivered again, under the id that it had. A version that is older than the one that
 * is known is not: receivers have the later one.
 */
function decideAgain(
  version: Version,
  known: LedgerEntry | undefined,
  { poll, window, untilMs }: DecisionContext & { readonly untilMs: number },
): DecisionKind {
  const { updatedMs, isDeletion } = version;
  if (updatedMs === undefined) return { kind: 'drop', why: 'undated' };
  const sinceMs =
    isDeletion || poll.updated === undefined
      ? window.sinceMs
      : floorToPattern(window.sinceMs, poll.updated, window.signpostMs);
  if (updatedMs < sinceMs) return { kind: 'drop', why: 'outside-window' };
  if (updatedMs >= untilMs) return { kind: 'drop', why: 'after-window' };
  if (isBeforeDeletion(version, known)) return { kind: 'drop', why: 'before-deletion' };
  if ((known?.updatedMs ?? -Infinity) > updatedMs) return { kind: 'drop', why: 'known' };
  const isKnown = known !== undefined && isKnownVersion(version, known);
  const entry = isKnown ? known : nextEntry(version, known);
  const { type, reason } = typeOf(version, isKnown ? undefined : known, poll);
  return {
    kind: 'event',
    type,
    reason: `backfill: ${reason}`,
    version: versionText(version, entry),
    dateMs: updatedMs,
    entry,
  };
}

function dropByDate(version: Version, poll: PollPlan, window: ScanWindow): DropReason | undefined {
  const { updatedMs, createdMs, isDeletion } = version;
  const field = isDeletion ? undefined : poll.updated;
  const isBefore = (dateMs: number, limitMs: number, of: PollPlan['updated']): boolean =>
    dateMs < (of === undefined ? limitMs : floorToPattern(limitMs, of, window.signpostMs));
  if (
    updatedMs !== undefined &&
    window.baselineMs !== undefined &&
    isBefore(updatedMs, window.baselineMs, field)
  ) {
    return 'before-baseline';
  }
  if (isDeletion || isLearnt(version, window)) return undefined;
  // The platform's rule, but inclusive: its strict comparison loses what shares a second with the last poll.
  const [comparedMs, comparedField] = poll.filterByUpdatedDate
    ? [updatedMs, poll.updated]
    : [createdMs, poll.created];
  if (comparedMs !== undefined && isBefore(comparedMs, window.sinceMs, comparedField))
    return 'outside-window';
  if (poll.filterByCurrentDate && updatedMs !== undefined && updatedMs > window.signpostMs)
    return 'after-poll-start';
  return undefined;
}

function isLearnt({ updatedMs }: Version, { learns }: ScanWindow): boolean {
  return learns === 'everything' || (learns === 'undated' && updatedMs === undefined);
}

/** The platform's rule, improved by what was delivered before. */
function typeOf(
  { isDeletion, updatedMs, createdMs }: Version,
  known: LedgerEntry | undefined,
  { createdCheckToleranceMs }: PollPlan,
): { readonly type: EventType; readonly reason: string } {
  if (isDeletion) return { type: 'DELETED', reason: 'Sage reports it as deleted' };
  if (known !== undefined) return { type: 'UPDATED', reason: 'an earlier version was read before' };
  if (updatedMs === undefined || createdMs === undefined) {
    return { type: 'CREATED', reason: 'read for the first time, and it has no two dates to compare' };
  }
  const differenceMs = Math.abs(updatedMs - createdMs);
  const difference = `created and updated dates are ${differenceMs / 1000} s apart`;
  const tolerance = `the tolerance is ${createdCheckToleranceMs / 1000} s`;
  return {
    type: differenceMs <= createdCheckToleranceMs ? 'CREATED' : 'UPDATED',
    reason: `${difference}, ${tolerance}`,
  };
}
