import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import type { Crash } from '../../crash-points.ts';
import type { LedgerEntry, PageCommit, PollFilter, PollStore } from '../../ports/poll-store.ts';
import type { Connection, Database } from './postgres-database.ts';
import { countIntervention } from './postgres-interventions.ts';
import { toLedgerEntry, toOverview, toPollState } from './sqlite-polls.ts';
import { text } from './row.ts';

/** What an engine adds to the transactions in which a poll writes. */
interface PollTurn {
  /** Throws, and so undoes the transaction, when somebody else has the poll by now. */
  readonly keep: (transaction: Connection) => Promise<void>;
  /** In the place of `keep` in the poll's last transaction, which settles when the next poll is. */
  readonly end: (transaction: Connection, nextMs: number) => Promise<void>;
  readonly announceEvents: (transaction: Connection) => Promise<void>;
}

/** Without a turn, whoever writes must know that nobody else does. */
export function createPollStore(database: Database, { crash, turn }: PollStoreParts): PollStore {
  return {
    ensure: async ({ key, instanceId, resource }, { baseline, nowMs }) => {
      const baselineMs = baseline.kind === 'since' ? baseline.fromMs : null;
      await database.query(
        `INSERT INTO polls (key, instance_id, resource, baseline, baseline_ms, due_ms)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key) DO NOTHING`,
        [key, instanceId, resource, baseline.kind, baselineMs, nowMs],
      );
    },
    read: async (key) => {
      const { rows } = await database.query('SELECT * FROM polls WHERE key = $1', [key]);
      const [row] = rows;
      if (row === undefined) throw new SagecfgError('state', `the state knows no poll '${key}'`);
      const scans = await database.query('SELECT * FROM scans WHERE poll_key = $1', [key]);
      return toPollState(row, scans.rows);
    },
    list: async () => {
      const { rows } = await database.query('SELECT * FROM polls ORDER BY key COLLATE "C"');
      const scans = await database.query('SELECT * FROM scans');
      const byPoll = Map.groupBy(scans.rows, (row) => text(row, 'poll_key'));
      return rows.map((row) => toPollState(row, byPoll.get(text(row, 'key')) ?? []));
    },
    resume: (filter, nowMs) => resume(database, filter, nowMs),
    overview: async (instanceIds) => {
      // The key of a backfill is longer than that of its poll.
      const { rows } = await database.query(
        `SELECT resource, count(*) AS polls, count(*) FILTER (WHERE failures > 0) AS failing,
          sum(is_paused) AS paused, min(watermark_ms) AS oldest_watermark_ms,
          min(CASE WHEN is_paused = 0 THEN greatest(due_ms, not_before_ms) END) AS first_due_ms
        FROM polls LEFT JOIN scans ON poll_key = key AND kind = 'changes'
        WHERE instance_id = ANY($1) AND key = instance_id || '/' || resource
        GROUP BY resource ORDER BY resource`,
        [instanceIds],
      );
      return rows.map(toOverview);
    },
    readLedger: async (key, objectIds) => {
      const { rows } = await database.query(
        'SELECT * FROM ledger WHERE poll_key = $1 AND object_id = ANY($2)',
        [key, objectIds],
      );
      return new Map(rows.map((row) => [text(row, 'object_id'), toLedgerEntry(row)]));
    },
    readScanned: async ({ pollKey, scan }, objectIds) => {
      const { rows } = await database.query(
        'SELECT object_id FROM scanned WHERE poll_key = $1 AND kind = $2 AND object_id = ANY($3)',
        [pollKey, scan, objectIds],
      );
      return new Set(rows.map((row) => text(row, 'object_id')));
    },
    commitPage: (commit) =>
      database.inTransaction(async (transaction) => {
        await writePage(transaction, commit);
        await endPage(transaction, commit, turn);
        crash(commit.watermarkMs === undefined ? 'poll-inside-commit' : 'poll-inside-watermark-commit');
      }),
    recordFailure: (key, failure) =>
      database.inTransaction(async (transaction) => {
        await writeFailure(transaction, key, failure);
        await turn?.end(transaction, failure.notBeforeMs);
      }),
  };
}

interface PollStoreParts {
  readonly crash: Crash;
  readonly turn?: PollTurn;
}

async function endPage(
  transaction: Connection,
  { pollFinish, events }: PageCommit,
  turn: PollTurn | undefined,
): Promise<void> {
  if (turn === undefined) return;
  if (pollFinish === undefined) await turn.keep(transaction);
  else await turn.end(transaction, pollFinish.dueMs);
  if (events.length > 0) await turn.announceEvents(transaction);
}

async function writePage(transaction: Connection, commit: PageCommit): Promise<void> {
  const { pollKey, scan, checkpoint, objectIds, ledger, events, baselineMs } = commit;
  const progressKey = progressKeyOf(commit);
  if (commit.startsScan || checkpoint === undefined) await clearScanned(transaction, progressKey, scan);
  if (checkpoint !== undefined && objectIds.length > 0) {
    await transaction.query(
      `INSERT INTO scanned (poll_key, kind, object_id) SELECT $1, $2, unnest($3::text[])
      ON CONFLICT DO NOTHING`,
      [progressKey, scan, objectIds],
    );
  }
  if (ledger.length > 0) await upsertLedger(transaction, pollKey, ledger);
  if (events.length > 0) await insertEvents(transaction, commit);
  if (baselineMs !== undefined) {
    const setBaseline = 'UPDATE polls SET baseline_ms = $1 WHERE key = $2 AND baseline_ms IS NULL';
    await transaction.query(setBaseline, [baselineMs, progressKey]);
  }
  await upsertScan(transaction, commit);
  if (commit.changesWatermarkMs !== undefined) {
    const changes = {
      scan: 'changes',
      watermarkMs: commit.changesWatermarkMs,
      checkpoint: undefined,
    } as const;
    await upsertScan(transaction, { ...commit, ...changes });
  }
  await finishPoll(transaction, commit);
}

function progressKeyOf({ pollKey, progressKey }: PageCommit): string {
  return progressKey ?? pollKey;
}

async function clearScanned(
  transaction: Connection,
  progressKey: string,
  scan: PageCommit['scan'],
): Promise<void> {
  await transaction.query('DELETE FROM scanned WHERE poll_key = $1 AND kind = $2', [progressKey, scan]);
}

async function upsertLedger(
  transaction: Connection,
  pollKey: string,
  entries: readonly LedgerEntry[],
): Promise<void> {
  // A page may show an object twice, and one statement may not change a row twice.
  const latest = [...new Map(entries.map((entry) => [entry.objectId, entry])).values()];
  await transaction.query(
    `INSERT INTO ledger (poll_key, object_id, updated_ms, hash, is_deleted, revision, earlier_hashes)
    SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::integer[], $6::integer[], $7::text[])
    ON CONFLICT (poll_key, object_id) DO UPDATE SET
      updated_ms = excluded.updated_ms, hash = excluded.hash, is_deleted = excluded.is_deleted,
      revision = excluded.revision, earlier_hashes = excluded.earlier_hashes`,
    [
      pollKey,
      latest.map(({ objectId }) => objectId),
      latest.map(({ updatedMs }) => updatedMs ?? null),
      latest.map(({ hash }) => hash),
      latest.map(({ isDeleted }) => Number(isDeleted)),
      latest.map(({ revision }) => revision),
      latest.map(({ earlierHashes }) => JSON.stringify(earlierHashes)),
    ],
  );
}

async function insertEvents(transaction: Connection, { pollKey, events }: PageCommit): Promise<void> {
  await transaction.query(
    `INSERT INTO events (id, poll_key, instance_id, resource, object_id, type, reason, date_ms, poll_date_ms, record)
    SELECT new.id, key, instance_id, resource, new.object_id, new.type, new.reason, new.date_ms, new.poll_date_ms,
      new.record
    FROM polls, unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[])
      WITH ORDINALITY AS new (id, object_id, type, reason, date_ms, poll_date_ms, record, position)
    WHERE key = $1
    ORDER BY new.position
    ON CONFLICT (id) DO NOTHING`,
    [
      pollKey,
      events.map(({ id }) => id),
      events.map(({ objectId }) => objectId),
      events.map(({ type }) => type),
      events.map(({ reason }) => reason),
      events.map(({ dateMs }) => dateMs),
      events.map(({ pollDateMs }) => pollDateMs),
      events.map(({ record }) => record),
    ],
  );
}

async function upsertScan(transaction: Connection, commit: PageCommit): Promise<void> {
  const { scan, watermarkMs, checkpoint } = commit;
  await transaction.query(
    `INSERT INTO scans (poll_key, kind, watermark_ms, checkpoint) VALUES ($1, $2, $3, $4)
    ON CONFLICT (poll_key, kind) DO UPDATE SET
      watermark_ms = coalesce(excluded.watermark_ms, scans.watermark_ms),
      checkpoint = excluded.checkpoint`,
    [
      progressKeyOf(commit),
      scan,
      watermarkMs ?? null,
      checkpoint === undefined ? null : JSON.stringify(checkpoint),
    ],
  );
}

async function finishPoll(transaction: Connection, commit: PageCommit): Promise<void> {
  const { pollFinish } = commit;
  if (pollFinish === undefined) return;
  await transaction.query(
    `UPDATE polls SET due_ms = $1, page_size = $2, finished_ms = $3,
      requests_per_hundred = coalesce($4, requests_per_hundred), not_before_ms = 0, failures = 0, failure_reason = NULL
    WHERE key = $5`,
    [
      pollFinish.dueMs,
      pollFinish.pageSize ?? null,
      pollFinish.finishedMs,
      pollFinish.requestsPerHundred ?? null,
      progressKeyOf(commit),
    ],
  );
}

async function resume(
  database: Database,
  { instanceId, resource }: PollFilter,
  nowMs: number,
): Promise<readonly string[]> {
  return database.inTransaction(async (transaction) => {
    const { rows } = await transaction.query(
      `UPDATE polls SET is_paused = 0, failures = 0, not_before_ms = 0, due_ms = least(due_ms, $1)
      WHERE (is_paused = 1 OR failures > 0)
        AND ($2::text IS NULL OR instance_id = $2) AND ($3::text IS NULL OR resource = $3)
      RETURNING key`,
      [nowMs, instanceId ?? null, resource ?? null],
    );
    if (rows.length > 0) await countIntervention(transaction);
    return rows.map((row) => text(row, 'key'));
  });
}

async function writeFailure(
  transaction: Connection,
  key: string,
  failure: Parameters<PollStore['recordFailure']>[1],
): Promise<void> {
  const { reason, notBeforeMs, isPaused, pageSize } = failure;
  await transaction.query(
    `UPDATE polls SET failures = failures + 1, failure_reason = $1, not_before_ms = $2, is_paused = $3, page_size = $4
    WHERE key = $5`,
    [reason, notBeforeMs, Number(isPaused), pageSize ?? null, key],
  );
  if (failure.dropCheckpoints) {
    await transaction.query('UPDATE scans SET checkpoint = NULL WHERE poll_key = $1', [key]);
  }
}
