import type { DatabaseSync } from 'node:sqlite';
import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import type { Crash } from '../../crash-points.ts';
import type { ScanKind } from '../../ports/source.ts';
import type {
  Baseline,
  Checkpoint,
  LedgerEntry,
  PageCommit,
  PollState,
  PollStore,
  ResourceOverview,
} from '../../ports/poll-store.ts';
import { inTransaction } from './sqlite-database.ts';
import { prepareIntervention } from './sqlite-interventions.ts';
import { integer, optionalInteger, optionalText, text } from './row.ts';
import type { Row } from './row.ts';
import { prepareRecordInsert } from './sqlite-records.ts';

export function createPollStore(database: DatabaseSync, crash: Crash): PollStore {
  const selectPoll = database.prepare('SELECT * FROM polls WHERE key = ?');
  const selectScans = database.prepare('SELECT * FROM scans WHERE poll_key = ?');
  const selectLedger = database.prepare(
    'SELECT * FROM ledger WHERE poll_key = ? AND object_id IN (SELECT value FROM json_each(?))',
  );
  const selectScanned = database.prepare(
    'SELECT object_id FROM scanned WHERE poll_key = ? AND kind = ? AND object_id IN (SELECT value FROM json_each(?))',
  );
  const selectPolls = database.prepare('SELECT * FROM polls ORDER BY key');
  const selectAllScans = database.prepare('SELECT * FROM scans');
  const insertPoll = preparePollInsert(database);
  const commitPage = preparePageCommit(database, crash);
  const recordFailure = prepareFailure(database);
  return {
    ensure: async (poll, start) => insertPoll(poll, start),
    read: async (key) => {
      const row = selectPoll.get(key);
      if (row === undefined) throw new SagecfgError('state', `the state knows no poll '${key}'`);
      return toPollState(row, selectScans.all(key));
    },
    overview: prepareOverview(database),
    list: async () => {
      const scans = Map.groupBy(selectAllScans.all(), (row) => text(row, 'poll_key'));
      return selectPolls.all().map((row) => toPollState(row, scans.get(text(row, 'key')) ?? []));
    },
    resume: prepareResume(database),
    readLedger: async (key, objectIds) => {
      const rows = selectLedger.all(key, JSON.stringify(objectIds));
      return new Map(rows.map((row) => [text(row, 'object_id'), toLedgerEntry(row)]));
    },
    readScanned: async ({ pollKey, scan }, objectIds) => {
      const rows = selectScanned.all(pollKey, scan, JSON.stringify(objectIds));
      return new Set(rows.map((row) => text(row, 'object_id')));
    },
    commitPage: async (commit) => inTransaction(database, () => commitPage(commit)),
    recordFailure: async (key, failure) => inTransaction(database, () => recordFailure(key, failure)),
  };
}

function preparePollInsert(database: DatabaseSync): (...parameters: Parameters<PollStore['ensure']>) => void {
  const insert = database.prepare(`
    INSERT INTO polls (key, instance_id, resource, baseline, baseline_ms, due_ms) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (key) DO NOTHING`);
  return ({ key, instanceId, resource }, { baseline, nowMs }) => {
    const baselineMs = baseline.kind === 'since' ? baseline.fromMs : null;
    insert.run(key, instanceId, resource, baseline.kind, baselineMs, nowMs);
  };
}

function prepareOverview(database: DatabaseSync): PollStore['overview'] {
  // The key of a backfill is longer than that of its poll.
  const select = database.prepare(`
    SELECT resource, count(*) AS polls, sum(failures > 0) AS failing, sum(is_paused) AS paused,
      min(watermark_ms) AS oldest_watermark_ms,
      min(CASE WHEN is_paused = 0 THEN max(due_ms, not_before_ms) END) AS first_due_ms
    FROM polls LEFT JOIN scans ON poll_key = key AND kind = 'changes'
    WHERE instance_id IN (SELECT value FROM json_each(?)) AND key = instance_id || '/' || resource
    GROUP BY resource ORDER BY resource`);
  return async (instanceIds) => select.all(JSON.stringify(instanceIds)).map(toOverview);
}

/** Of a row with the columns of a resource's overview, whichever database it comes from. */
export function toOverview(row: Row): ResourceOverview {
  return {
    resource: text(row, 'resource'),
    polls: integer(row, 'polls'),
    failing: integer(row, 'failing'),
    paused: integer(row, 'paused'),
    oldestWatermarkMs: optionalInteger(row, 'oldest_watermark_ms'),
    firstDueMs: optionalInteger(row, 'first_due_ms'),
  };
}

function preparePageCommit(database: DatabaseSync, crash: Crash): (commit: PageCommit) => void {
  const clearScanned = database.prepare('DELETE FROM scanned WHERE poll_key = ? AND kind = ?');
  const insertScanned = database.prepare(
    'INSERT OR IGNORE INTO scanned (poll_key, kind, object_id) VALUES (?, ?, ?)',
  );
  const setBaseline = database.prepare(
    'UPDATE polls SET baseline_ms = ? WHERE key = ? AND baseline_ms IS NULL',
  );
  const upsertScan = database.prepare(`
    INSERT INTO scans (poll_key, kind, watermark_ms, checkpoint) VALUES (?, ?, ?, ?)
    ON CONFLICT (poll_key, kind) DO UPDATE SET
      watermark_ms = coalesce(excluded.watermark_ms, watermark_ms),
      checkpoint = excluded.checkpoint`);
  const finishPoll = database.prepare(`
    UPDATE polls
    SET due_ms = ?, page_size = ?, finished_ms = ?,
      requests_per_hundred = coalesce(?, requests_per_hundred), not_before_ms = 0, failures = 0, failure_reason = NULL
    WHERE key = ?`);
  const upsertLedger = prepareLedgerUpsert(database);
  const insertEvents = prepareEventInsert(database);
  return (commit) => {
    const { pollKey, progressKey = pollKey, scan, checkpoint, watermarkMs, pollFinish } = commit;
    if (commit.startsScan || checkpoint === undefined) clearScanned.run(progressKey, scan);
    if (checkpoint !== undefined) {
      for (const objectId of commit.objectIds) insertScanned.run(progressKey, scan, objectId);
    }
    for (const entry of commit.ledger) upsertLedger(pollKey, entry);
    insertEvents(commit);
    if (commit.baselineMs !== undefined) setBaseline.run(commit.baselineMs, progressKey);
    upsertScan.run(
      progressKey,
      scan,
      watermarkMs ?? null,
      checkpoint === undefined ? null : JSON.stringify(checkpoint),
    );
    if (commit.changesWatermarkMs !== undefined) {
      upsertScan.run(progressKey, 'changes', commit.changesWatermarkMs, null);
    }
    if (pollFinish !== undefined) {
      const { dueMs, pageSize, finishedMs, requestsPerHundred } = pollFinish;
      finishPoll.run(dueMs, pageSize ?? null, finishedMs, requestsPerHundred ?? null, progressKey);
    }
    crash(watermarkMs === undefined ? 'poll-inside-commit' : 'poll-inside-watermark-commit');
  };
}

function prepareLedgerUpsert(database: DatabaseSync): (pollKey: string, entry: LedgerEntry) => void {
  const upsert = database.prepare(`
    INSERT INTO ledger (poll_key, object_id, updated_ms, hash, is_deleted, revision, earlier_hashes)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (poll_key, object_id) DO UPDATE SET
      updated_ms = excluded.updated_ms, hash = excluded.hash, is_deleted = excluded.is_deleted,
      revision = excluded.revision, earlier_hashes = excluded.earlier_hashes`);
  return (pollKey, { objectId, updatedMs, hash, isDeleted, revision, earlierHashes }) => {
    upsert.run(
      pollKey,
      objectId,
      updatedMs ?? null,
      hash,
      Number(isDeleted),
      revision,
      JSON.stringify(earlierHashes),
    );
  };
}

function prepareEventInsert(database: DatabaseSync): (commit: PageCommit) => void {
  const insert = database.prepare(`
    INSERT INTO events (id, poll_key, instance_id, resource, object_id, type, reason, date_ms, poll_date_ms)
    SELECT ?, key, instance_id, resource, ?, ?, ?, ?, ? FROM polls WHERE key = ?
    ON CONFLICT (id) DO NOTHING`);
  const addRecord = prepareRecordInsert(database);
  const wait = database.prepare('INSERT INTO waiting SELECT 0, instance_id, ? FROM polls WHERE key = ?');
  return ({ pollKey, events }) => {
    for (const { id, objectId, type, reason, dateMs, pollDateMs, record } of events) {
      const inserted = insert.run(id, objectId, type, reason, dateMs, pollDateMs, pollKey);
      if (inserted.changes === 0) continue;
      addRecord(inserted.lastInsertRowid, record);
      wait.run(inserted.lastInsertRowid, pollKey);
    }
  };
}

function prepareFailure(
  database: DatabaseSync,
): (...parameters: Parameters<PollStore['recordFailure']>) => void {
  const update = database.prepare(`
    UPDATE polls SET failures = failures + 1, failure_reason = ?, not_before_ms = ?, is_paused = ?, page_size = ?
    WHERE key = ?`);
  const dropCheckpoints = database.prepare('UPDATE scans SET checkpoint = NULL WHERE poll_key = ?');
  return (key, failure) => {
    const { reason, notBeforeMs, isPaused, pageSize } = failure;
    update.run(reason, notBeforeMs, Number(isPaused), pageSize ?? null, key);
    if (failure.dropCheckpoints) dropCheckpoints.run(key);
  };
}

function prepareResume(database: DatabaseSync): PollStore['resume'] {
  const update = database.prepare(`
    UPDATE polls
    SET is_paused = 0, failures = 0, not_before_ms = 0, due_ms = min(due_ms, ?)
    WHERE (is_paused = 1 OR failures > 0) AND (? IS NULL OR instance_id = ?) AND (? IS NULL OR resource = ?)
    RETURNING key`);
  const intervene = prepareIntervention(database);
  return async ({ instanceId = null, resource = null }, nowMs) =>
    inTransaction(database, () => {
      const rows = update.all(nowMs, instanceId, instanceId, resource, resource);
      if (rows.length > 0) intervene();
      return rows.map((row) => text(row, 'key'));
    });
}

export function toPollState(row: Row, scans: readonly Row[]): PollState {
  return {
    key: text(row, 'key'),
    instanceId: text(row, 'instance_id'),
    resource: text(row, 'resource'),
    baseline: toBaseline(text(row, 'baseline')),
    baselineMs: optionalInteger(row, 'baseline_ms'),
    dueMs: integer(row, 'due_ms'),
    notBeforeMs: integer(row, 'not_before_ms'),
    failures: integer(row, 'failures'),
    failureReason: optionalText(row, 'failure_reason'),
    isPaused: integer(row, 'is_paused') === 1,
    pageSize: optionalInteger(row, 'page_size'),
    finishedMs: optionalInteger(row, 'finished_ms'),
    requestsPerHundred: optionalInteger(row, 'requests_per_hundred'),
    scans: { changes: toScanState('changes', scans), deletions: toScanState('deletions', scans) },
  };
}

function toBaseline(kind: string): Baseline['kind'] {
  return kind === 'since' || kind === 'snapshot' ? kind : 'now';
}

function toScanState(kind: ScanKind, scans: readonly Row[]): PollState['scans'][ScanKind] {
  const row = scans.find((scan) => text(scan, 'kind') === kind);
  if (row === undefined) return { watermarkMs: undefined, checkpoint: undefined };
  const checkpoint = optionalText(row, 'checkpoint');
  return {
    watermarkMs: optionalInteger(row, 'watermark_ms'),
    // Written by `commitPage` from a `Checkpoint`; a later shape of it comes with a migration.
    checkpoint: checkpoint === undefined ? undefined : (JSON.parse(checkpoint) as Checkpoint),
  };
}

export function toLedgerEntry(row: Row): LedgerEntry {
  return {
    objectId: text(row, 'object_id'),
    updatedMs: optionalInteger(row, 'updated_ms'),
    hash: text(row, 'hash'),
    isDeleted: integer(row, 'is_deleted') === 1,
    revision: integer(row, 'revision'),
    // Written by `upsertLedger` from a list of hashes.
    earlierHashes: JSON.parse(text(row, 'earlier_hashes')) as string[],
  };
}
