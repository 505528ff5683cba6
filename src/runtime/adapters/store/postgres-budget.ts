import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../sage/clock.ts';
import type { BudgetLimits, RequestBudget } from '../../../sage/request-budget.ts';
import type { Connection } from './postgres-database.ts';
import { integer } from './row.ts';

/** Sage counts arrivals: two requests that left a second apart may arrive a little closer. */
const marginMs = 50;
/**
 * How long a request may be on its way, on a busy machine or a new connection. It counts from its answer, before which it
 * must have arrived; but not from later than this, or a slow Sage would be asked less and less.
 */
const longestWayMs = 500;
/** Whoever has stood still for so long since it got its place asks again. */
const lateAfterMs = 400;
/** A request that is under way for longer counts as over: its process is gone. */
const longestRequestMs = 60_000;
const lookAgainMs = 100;
/** Whoever waits for longer looks whether it is still to. */
const longestWaitMs = 2000;
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
    const { granted, countedMs, waitMs } = await takePlaces(database, limit, ids);
    const isLate = clock.now() - askedMs > lateAfterMs;
    for (const [index, each] of waiting.slice(0, granted).entries()) {
      const leave = leaveOnce({ id: ids[index] ?? '', countedMs }, limit, database);
      if (isLate || isAborted(each)) leave();
      if (isAborted(each)) each.resolve(undefined);
      else if (!isLate) each.resolve(leave);
    }
    // Too late, they would crowd with those whose time is now: they ask again.
    const late = isLate ? waiting.slice(0, granted).filter((each) => !isAborted(each)) : [];
    waiting = [...late, ...waiting.slice(granted)];
    if (waiting.length > late.length) await clock.sleep(waitMs, waiting[0]?.signal);
  }
}

function isAborted({ signal }: Waiting): boolean {
  return signal?.aborted === true;
}

function leaveOnce(
  { id, countedMs }: { readonly id: string; readonly countedMs: number },
  { key, inFlight }: GateLimit,
  database: Connection,
): () => void {
  let isOver = inFlight === undefined;
  return () => {
    if (isOver) return;
    isOver = true;
    // If this fails the place comes free by itself, later.
    database.query(leaveStatement, [key, id, countedMs]).catch(() => undefined);
  };
}

/** The request is over; and it had arrived by now, at the latest. */
const leaveStatement = `
  UPDATE budgets SET
    in_flight = in_flight - $2,
    slots = (
      SELECT CASE WHEN position IS NULL THEN slots ELSE
        slots[: position - 1]
        || least(slots[position], (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
        || slots[position + 1 :] END
      FROM array_position(slots, $3::bigint) AS position)
  WHERE key = $1`;

/**
 * `slots` holds from when on the latest requests count, as many as one period may have: a new one leaves once the oldest of
 * them is a period ago, and takes its slot. The row is locked by the update itself, so what it reads is always the latest,
 * and no process can keep the lock by standing still.
 */
const takeStatement = `
  UPDATE budgets SET (slots, in_flight, granted) = (
    SELECT
      (SELECT array_agg(slot ORDER BY slot) FROM (
        SELECT slot FROM unnest(known[places + 1 :]) AS kept (slot)
        UNION ALL
        SELECT now_ms + $7 FROM generate_series(1, places)
      ) AS latest),
      live || (SELECT coalesce(jsonb_object_agg(id, now_ms + $6), '{}') FROM unnest(($2::text[])[1:places]) AS id),
      places
    FROM (
      SELECT *, greatest(0, least(
        cardinality($2::text[]),
        coalesce($5 - entries, cardinality($2::text[])),
        (SELECT count(*) FROM unnest(known) AS slot WHERE slot + $4 <= now_ms)))::integer AS places
      FROM (
        SELECT
          (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms,
          (SELECT array_agg(slot ORDER BY slot) FROM (
            SELECT slot FROM unnest(array_fill(0::bigint, ARRAY[$3::integer]) || slots) AS slot
            ORDER BY slot DESC LIMIT $3::integer) AS latest) AS known,
          (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(in_flight)
            WHERE value::bigint > extract(epoch FROM clock_timestamp()) * 1000) AS live,
          (SELECT count(*) FROM jsonb_each(in_flight)
            WHERE value::bigint > extract(epoch FROM clock_timestamp()) * 1000) AS entries
      ) AS present
    ) AS decided
  )
  WHERE key = $1
  RETURNING granted, slots[cardinality(slots)] AS counted_ms,
    (slots[1] + $4 - extract(epoch FROM clock_timestamp()) * 1000)::float8 AS wait_ms`;

interface Places {
  readonly granted: number;
  /** From when on they count unless their answers come before, by the database's clock. */
  readonly countedMs: number;
  /** Before it is worth asking for more. */
  readonly waitMs: number;
}

async function takePlaces(
  database: Connection,
  { key, requests, periodMs, inFlight }: GateLimit,
  ids: readonly string[],
): Promise<Places> {
  const wayMs = inFlight === undefined ? 0 : longestWayMs;
  const periodAndMarginMs = Math.ceil(periodMs) + marginMs;
  const values = [key, ids, requests, periodAndMarginMs, inFlight ?? null, longestRequestMs, wayMs];
  const take = () => database.query(takeStatement, values);
  let { rows } = await take();
  if (rows.length === 0) {
    const insert = `INSERT INTO budgets (key, slots, in_flight, granted) VALUES ($1, '{}', '{}', 0) ON CONFLICT DO NOTHING`;
    await database.query(insert, [key]);
    ({ rows } = await take());
  }
  const row = rows[0] ?? {};
  const waitMs = Number(row['wait_ms']);
  return {
    granted: integer(row, 'granted'),
    countedMs: integer(row, 'counted_ms'),
    // What is late has its slot, and no place among those under way.
    waitMs: waitMs > 0 ? Math.min(waitMs, longestWaitMs) : lookAgainMs,
  };
}
