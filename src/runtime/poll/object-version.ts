import type { PollPlan } from '../poll-plan.ts';
import type { DeletionSight, SourceRecord } from '../ports/source.ts';
import type { LedgerEntry } from '../ports/poll-store.ts';
import type { ScanWindow } from './decide.ts';
import { hashRecord } from './event-id.ts';
import { readField } from './read-field.ts';
import { readRecordDate } from './record-date.ts';
import type { RecordDate } from './record-date.ts';

/** What a record says of its object, as far as it tells one version of it from another. */
export interface Version {
  readonly objectId: string;
  readonly hash: string;
  readonly updatedMs: number | undefined;
  readonly createdMs: number | undefined;
  readonly isDeletion: boolean;
  readonly hasUnreadableDate: boolean;
}

export function readVersion(
  record: SourceRecord,
  objectId: string,
  {
    poll,
    sight,
    window,
  }: { readonly poll: PollPlan; readonly sight: DeletionSight; readonly window: ScanWindow },
): Version {
  const isDeletion =
    window.kind === 'deletions' || (sight.kind === 'flag' && isTrue(readField(record, sight.field)));
  const dateField =
    window.kind === 'deletions' && sight.kind === 'scan'
      ? { ...deletionDate, field: sight.dateField }
      : poll.updated;
  const [updated, created] = [dateField, poll.created].map((field) => dateOf(record, field, window));
  return {
    objectId,
    hash: hashRecord(record),
    updatedMs: updated?.kind === 'date' ? updated.epochMs : undefined,
    createdMs: created?.kind === 'date' ? created.epochMs : undefined,
    isDeletion,
    hasUnreadableDate: updated?.kind === 'unreadable' || created?.kind === 'unreadable',
  };
}

/** Sage's own format of every date and time. The entry describes only the dates of its own two fields. */
const deletionDate = { pattern: "yyyy-MM-dd'T'HH:mm:ss'Z'", zone: 'GMT' };

function dateOf(
  record: SourceRecord,
  field: PollPlan['updated'],
  { signpostMs }: ScanWindow,
): RecordDate | undefined {
  return field === undefined ? undefined : readRecordDate(record, field, signpostMs);
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** Only the latest version counts: an object that goes from A to B and back to A has changed twice. */
export function isKnownVersion(version: Version, known: LedgerEntry | undefined): boolean {
  if (known === undefined || known.isDeleted !== version.isDeletion) return false;
  if (known.updatedMs !== version.updatedMs) return false;
  // A deletion is one fact: what else a deleted record shows does not make it another.
  return version.isDeletion && version.updatedMs !== undefined ? true : known.hash === version.hash;
}

export function isBeforeDeletion(version: Version, known: LedgerEntry | undefined): boolean {
  if (known?.updatedMs === undefined || version.updatedMs === undefined) return false;
  if (known.isDeleted) return !version.isDeletion && version.updatedMs <= known.updatedMs;
  return version.isDeletion && version.updatedMs < known.updatedMs;
}

export function nextEntry(version: Version, known: LedgerEntry | undefined): LedgerEntry {
  const { objectId, updatedMs, hash, isDeletion: isDeleted } = version;
  const entry = { objectId, updatedMs, hash, isDeleted };
  if (!isSameSecond(version, known)) return { ...entry, revision: 0, earlierHashes: [] };
  const earlierHashes = [...known.earlierHashes, known.hash].slice(-mostEarlierHashes);
  return { ...entry, revision: known.revision + 1, earlierHashes };
}

/** Enough to tell versions of one second apart; a bound, because all versions without a date share one "second". */
const mostEarlierHashes = 20;

function isSameSecond(version: Version, known: LedgerEntry | undefined): known is LedgerEntry {
  return (
    known !== undefined && known.updatedMs === version.updatedMs && known.isDeleted === version.isDeletion
  );
}

/** The same text for the same version, whoever reads it and when; a version that returns within its second gets a number. */
export function versionText({ updatedMs, hash, isDeletion }: Version, entry: LedgerEntry): string {
  if (isDeletion) return `deleted ${updatedMs ?? hash}`;
  const { revision, earlierHashes } = entry;
  const returns = revision >= mostEarlierHashes || earlierHashes.includes(hash);
  return `${updatedMs ?? 'undated'} ${hash}${returns ? ` ${revision}` : ''}`;
}
