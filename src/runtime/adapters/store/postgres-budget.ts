import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../sage/clock.ts';
import type { BudgetLimits, RequestBudget } from '../../../sage/request-budget.ts';
import type { Connection } from './postgres-database.ts';
import { integer } from './row.ts';

/** Between two processes, a request may leave this much later than it was allowed to, and still counts for its time. */
const marginMs = 100;
/** A request that is under way for longer counts as over: its process is gone. */
const longestRequestMs = 60_000;
const lookAgainMs = 100;
/** Places taken at once for requests that wait in this process. */
const mostAtOnce = 10;

/** One budget for everything that all processes on the database send to Sage. */
export function createSharedBudget(database: Connection, limits: BudgetLimits, clock: Clock): RequestBudget {
  const gates = new Map<string, Gate>();
  const gateOf = (limit: GateLimit): Gate => {
    const known = gates.get(limit.key);
    if (known !== undefined) return known;
    const gate = createGate(limit, { database, clock });
    gates.set(limit.key, gate);
    return gate;
  };
  return {
    enter: async ({ app, business }, signal) => {
      if (limits.businessPerMinute !== undefined) {
        const key = `business ${app}\n${business}`;
        const rate = { requests: Math.floor(limits.businessPerMinute), periodMs: 60_000 };
        const pass = await gateOf({ ...rate, key, inFlight: undefined }).enter(signal);
        if (pass === undefined) return undefined;
      }
      const rate = wholeRate(limits.appPerSecond);
      return gateOf({ ...rate, key: `app ${app}`, inFlight: limits.appInFlight }).enter(signal);
    },
  };
}

/** A rate below one a second is one in several. */
function wholeRate(perSecond: number): Pick<GateLimit, 'requests' | 'periodMs'> {
  if (perSecond < 1) return { requests: 1, periodMs: 1000 / perSecond };
  return { requests: Math.floor(perSecond), periodMs: 1000 };
}

interface GateLimit {
  readonly key: string;
  /** In any period, wherever it starts. */
  readonly requests: number;
  readonly periodMs: number;
  /** At once; undefined where only the rate counts. */
  readonly inFlight: number | undefined;
}

interface Gate {
  readonly enter: (signal?: AbortSignal) => Promise<(() => void) | undefined>;
}

interface Waiting {
  readonly signal: AbortSignal | undefined;
  readonly resolve: (leave: (() => void) | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** First come, first served in this process; between processes, in the order in which they ask the database. */
function createGate(limit: GateLimit, ports: GatePorts): Gate {
  const queue: Waiting[] = [];
  let isServing = false;

  async function serve(): Promise<void> {
    isServing = true;
    while (queue.length > 0) {
      const batch = queue.splice(0, Math.min(mostAtOnce, limit.requests));
      try {
        await admit(batch, limit, ports);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isServing = false;
  }

  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        queue.push({ signal, resolve, reject });
        if (!isServing) void serve();
      }),
  };
}

interface GatePorts {
  readonly database: Connection;
  readonly clock: Clock;
}

/** Waits for a place for each of the batch, and lets it go when its time has come. */
async function admit(batch: readonly Waiting[], limit: GateLimit, ports: GatePorts): Promise<void> {
  const { database, clock } = ports;
  let waiting = batch;
  while (waiting.length > 0) {
    for (const { resolve } of waiting.filter(isAborted)) resolve(undefined);
    waiting = waiting.filter((each) => !isAborted(each));
    if (waiting.length === 0) return;
    const ids = waiting.map(() => randomUUID());
    const askedMs = clock.now();
    const { granted, waitsMs } = await takePlaces(database, limit, ids);
    const late: Waiting[] = [];
    for (const [index, each] of waiting.slice(0, granted).entries()) {
      const dueMs = askedMs + (waitsMs[index] ?? 0);
      const leave = leaveOnce(ids[index] ?? '', limit, database);
      await clock.sleep(dueMs - clock.now(), each.signal);
      // Too late, it would crowd with those whose time is now: it asks again.
      const isLate = clock.now() > dueMs + marginMs;
      if (isLate || isAborted(each)) leave();
      if (isLate && !isAborted(each)) late.push(each);
      else each.resolve(isAborted(each) ? undefined : leave);
    }
    waiting = [...late, ...waiting.slice(granted)];
    if (granted === 0) await clock.sleep(lookAgainMs, waiting[0]?.signal);
  }
}

function isAborted({ signal }: Waiting): boolean {
  return signal?.aborted === true;
}

function leaveOnce(id: string, { key, inFlight }: GateLimit, database: Connection): () => void {
  let isOver = inFlight === undefined;
  return () => {
    if (isOver) return;
    isOver = true;
    // If this fails the place comes free by itself, later.
    database
      .query('UPDATE budgets SET in_flight = in_flight - $2 WHERE key = $1', [key, id])
      .catch(() => undefined);
  };
}

/**
 * `slots` holds when the latest requests were allowed to leave, as many as one period may have: each new one leaves no
 * sooner than a period after the one so many places before it. The row is locked by the update itself, so what it reads
 * is always the latest, and no process can keep the lock by standing still.
 */
const takeStatement = `
  UPDATE budgets SET (slots, in_flight, granted) = (
    SELECT
      (SELECT array_agg(slot ORDER BY position) FROM (
        SELECT slot, position FROM unnest(known) WITH ORDINALITY AS old (slot, position)
        UNION ALL
        SELECT greatest(now_ms, slot + $4), $3 + position
        FROM unnest(known[1:places]) WITH ORDINALITY AS old (slot, position)
        ORDER BY position OFFSET places
      ) AS latest),
      live || (SELECT coalesce(jsonb_object_agg(id, now_ms + $6), '{}') FROM unnest(($2::text[])[1:places]) AS id),
      places
    FROM (
      SELECT *, greatest(0, least(cardinality($2::text[]), coalesce($5 - entries, cardinality($2::text[]))))::integer AS places
      FROM (
        SELECT
          (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms,
          (array_fill(0::bigint, ARRAY[$3::integer]) || slots)[cardinality(slots) + 1 : cardinality(slots) + $3] AS known,
          (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(in_flight)
            WHERE value::bigint > extract(epoch FROM clock_timestamp()) * 1000) AS live,
          (SELECT count(*) FROM jsonb_each(in_flight)
            WHERE value::bigint > extract(epoch FROM clock_timestamp()) * 1000) AS entries
      ) AS present
    ) AS decided
  )
  WHERE key = $1
  RETURNING granted, ARRAY(
    SELECT (slot - extract(epoch FROM clock_timestamp()) * 1000)::float8
    FROM unnest(slots[$3 - granted + 1 : $3]) AS slot) AS waits`;

async function takePlaces(
  database: Connection,
  { key, requests, periodMs, inFlight }: GateLimit,
  ids: readonly string[],
): Promise<{ readonly granted: number; readonly waitsMs: readonly number[] }> {
  const values = [key, ids, requests, Math.ceil(periodMs) + marginMs, inFlight ?? null, longestRequestMs];
  const take = () => database.query(takeStatement, values);
  let { rows } = await take();
  if (rows.length === 0) {
    const insert = `INSERT INTO budgets (key, slots, in_flight, granted) VALUES ($1, '{}', '{}', 0) ON CONFLICT DO NOTHING`;
    await database.query(insert, [key]);
    ({ rows } = await take());
  }
  const row = rows[0] ?? {};
  const waits = row['waits'];
  if (!Array.isArray(waits)) throw new TypeError('column waits holds no list');
  return { granted: integer(row, 'granted'), waitsMs: waits.map(Number) };
}
