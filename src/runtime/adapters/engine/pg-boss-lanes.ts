import type { Clock } from '../../../sage/clock.ts';
import type { EnginePoll, EngineWork } from '../../ports/engine.ts';
import type { OutboxStore } from '../../ports/outbox-store.ts';
import type { Connection, Database } from '../store/postgres-database.ts';
import { createOutboxReader, createOutboxStore } from '../store/postgres-outbox.ts';
import { text } from '../store/row.ts';
import { shortName } from './jobs.ts';
import type { Jobs, NextJob, Turn } from './jobs.ts';
import { postpone } from './postpone.ts';

interface LaneParts {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly clock: Clock;
}

/** After so long a lane gives its place to others and queues again. */
const longestTurnMs = 20_000;
/** What is due and could not be sent is not tried again at once. */
const pauseMs = 1000;

/**
 * Delivers what an instance has to deliver, until nothing is due. An instance's notifications go through one lane, so they
 * keep the order of each object whatever process has it.
 */
export function createLaneHandler(
  work: EngineWork,
  parts: LaneParts,
): (turn: Turn, signal: AbortSignal) => Promise<void> {
  const { database, jobs, clock } = parts;
  return async (turn, signal) => {
    if (!work.hasInstance(turn.key)) return postpone(turn, parts);
    const timeout = new AbortController();
    const timer = clock.sleep(longestTurnMs, AbortSignal.any([signal, timeout.signal]));
    const tooLong = new AbortController();
    void timer.then(() => tooLong.abort());
    await work.deliver(AbortSignal.any([signal, tooLong.signal]), {
      untilIdle: true,
      instanceId: turn.key,
      outbox: seenBy(turn, parts),
    });
    timeout.abort();
    await database.inTransaction(async (transaction) => {
      await lockLane(transaction, turn.key, 'alone');
      const startMs = await nextStartMs(transaction, turn.key, clock.now());
      const next = startMs === undefined ? undefined : { key: turn.key, group: turn.group, startMs };
      await jobs.end(turn, next, transaction);
    });
  };
}

/** Whoever stood still meanwhile, and whose lane another has now, gets nothing more to send. */
function seenBy(turn: Turn, { database, jobs }: LaneParts): OutboxStore {
  const outbox = createOutboxStore(database);
  return {
    ...outbox,
    readDue: async (query) => {
      await jobs.keep(turn, database);
      return outbox.readDue(query);
    },
    markDelivered: async (...delivered) => {
      await outbox.markDelivered(...delivered);
      await jobs.keep(turn, database);
    },
  };
}

async function nextStartMs(
  transaction: Connection,
  instanceId: string,
  nowMs: number,
): Promise<number | undefined> {
  const outbox = createOutboxReader(transaction);
  const due = await outbox.readDue({ nowMs, instanceIds: [instanceId], inFlight: [], limit: 1 });
  if (due.length > 0) return nowMs + pauseMs;
  for (const kind of ['new', 'replayed'] as const) {
    const events = await outbox.readUngrouped({ kind, instanceIds: [instanceId], limit: 1 });
    if (events.length > 0) return nowMs;
  }
  return outbox.nextDueMs([instanceId], nowMs);
}

/** Held to the end of the transaction. */
export async function lockLane(
  transaction: Connection,
  instanceId: string,
  mode: 'shared' | 'alone',
): Promise<void> {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await transaction.query(`SELECT ${lock}(hashtextextended($1, 1))`, [instanceId]);
}

export function laneJob(
  { instanceId, app }: Pick<EnginePoll, 'instanceId' | 'app'>,
  startMs: number,
): NextJob {
  return { key: instanceId, group: shortName(app), startMs };
}

/** A job for each of these instances that has something to deliver. */
export async function findLanes(database: Connection, work: EngineWork): Promise<readonly NextJob[]> {
  const { rows } = await database.query(
    `SELECT wanted.id FROM unnest($1::text[]) AS wanted (id)
    WHERE EXISTS (SELECT 1 FROM events WHERE instance_id = wanted.id AND notification_id IS NULL)
      OR EXISTS (SELECT 1 FROM notifications WHERE instance_id = wanted.id AND state = 'pending')`,
    [work.instances()],
  );
  const apps = new Map(work.polls().map(({ instanceId, app }) => [instanceId, app]));
  return rows.map((row) => {
    const instanceId = text(row, 'id');
    return laneJob({ instanceId, app: apps.get(instanceId) ?? '' }, Date.now());
  });
}
