import type { Clock } from './clock.ts';

export interface BudgetLimits {
  /** Requests in any second, of one app over all its businesses. */
  readonly appPerSecond: number;
  /** Requests under way at once, of one app. */
  readonly appInFlight: number;
  /** Requests in any minute, of one business; unlimited without. */
  readonly businessPerMinute: number | undefined;
}

export interface RequestBudget {
  /**
   * Waits, first come first served, until a request may be sent; the returned function must be called when it is over.
   * Undefined when the signal aborted first.
   */
  readonly enter: (
    request: { readonly app: string; readonly business: string },
    signal?: AbortSignal,
  ) => Promise<(() => void) | undefined>;
}

/** Requests that were about to be made, and may or may not have been by the time that the process ended. */
export interface Reservation {
  readonly app: string;
  readonly business: string;
  readonly requests: number;
  /** They were made before then or not at all, epoch milliseconds. */
  readonly untilMs: number;
}

/** What a budget knows after a restart. What it writes is durable when the call returns. */
export interface RequestMemory {
  /** Of the app, or of one of its businesses. */
  readonly recall: (whose: { readonly app: string; readonly business?: string }) => readonly Reservation[];
  /** Those of the business that ended before `forgetBeforeMs` are never asked for again. */
  readonly reserve: (reservation: Reservation, forgetBeforeMs: number) => void;
}

/** Sage counts arrivals: two requests that left a second apart may arrive a little closer. */
const arrivalMarginMs = 50;
/**
 * How long a request may be on its way, on a busy machine or a new connection. It counts from its answer, before which it
 * must have arrived; but not from later than this, or a slow Sage would be asked less and less.
 */
const longestWayMs = 500;

/** One budget for everything that this process sends to Sage; with a memory, a restart spends nothing twice. */
export function createRequestBudget(
  limits: BudgetLimits,
  clock: Clock,
  memory?: RequestMemory,
): RequestBudget {
  const apps = new Map<string, App>();
  const businesses = new Map<string, Business>();
  const recalled = (whose: { readonly app: string; readonly business?: string }): number[] =>
    memory === undefined ? [] : timesOf(memory.recall(whose), clock.now());
  return {
    enter: async (request, signal) => {
      const business = entryOf(businesses, `${request.app}\n${request.business}`, () =>
        createBusiness(request, limits, { clock, memory, recalled }),
      );
      if (!(await business.pass(signal))) return undefined;
      const app = entryOf(apps, request.app, () =>
        createApp(limits, { clock, recalled: recalled({ app: request.app }) }),
      );
      return app.enter(business.reserve, signal);
    },
  };
}

interface Business {
  /** False when the signal aborted before the turn came. */
  readonly pass: (signal?: AbortSignal) => Promise<boolean>;
  /** Called right before a request leaves. */
  readonly reserve: () => void;
}

function createBusiness(
  whose: { readonly app: string; readonly business: string },
  { businessPerMinute }: BudgetLimits,
  {
    clock,
    memory,
    recalled,
  }: {
    readonly clock: Clock;
    readonly memory: RequestMemory | undefined;
    readonly recalled: (whose: { readonly app: string; readonly business: string }) => number[];
  },
): Business {
  const reserve = memory === undefined ? () => undefined : reserveBlocks(whose, { clock, memory });
  if (businessPerMinute === undefined) return { pass: async () => true, reserve };
  const limit = { requests: businessPerMinute, periodMs: 60_000 };
  const window = createRateWindow(limit, { clock, recalled: recalled(whose) });
  return { pass: async (signal) => (await window.pass(signal)) !== undefined, reserve };
}

interface App {
  readonly enter: (reserve: () => void, signal?: AbortSignal) => Promise<(() => void) | undefined>;
}

interface WindowPorts {
  readonly clock: Clock;
  /** When requests may have been made before this process, in order. */
  readonly recalled: number[];
}

function createApp({ appPerSecond, appInFlight }: BudgetLimits, ports: WindowPorts): App {
  const window = createRateWindow({ requests: appPerSecond, periodMs: 1000 }, ports);
  const waiting: (() => void)[] = [];
  let inFlight = 0;
  function leave(): void {
    const next = waiting.shift();
    // A place is handed over, not freed: nobody can slip in between.
    if (next === undefined) inFlight -= 1;
    else next();
  }
  return {
    enter: async (reserve, signal) => {
      if (inFlight < appInFlight) inFlight += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        const passed = await window.pass(signal);
        if (passed !== undefined) {
          passed.atMs += longestWayMs;
          reserve();
          return () => {
            passed.atMs = Math.min(passed.atMs, ports.clock.now());
            leave();
          };
        }
      } catch (error) {
        leave();
        throw error;
      }
      leave();
      return undefined;
    },
  };
}

/** When a request counts, epoch milliseconds: who made it may learn better. */
interface Passed {
  atMs: number;
}

interface RateWindow {
  /** Undefined when the signal aborted before the turn came. */
  readonly pass: (signal?: AbortSignal) => Promise<Passed | undefined>;
}

/** Lets through at most so many in any period, wherever the period starts; a token bucket would let twice as many pass. */
function createRateWindow(
  { requests, periodMs }: { readonly requests: number; readonly periodMs: number },
  { clock, recalled }: WindowPorts,
): RateWindow {
  const passed = recalled.slice(-Math.max(1, Math.floor(requests))).map((atMs): Passed => ({ atMs }));
  let turn: Promise<unknown> = Promise.resolve();
  function waitUntilPlace(): number {
    if (passed.length < requests) return 0;
    return oldestOf(passed).atMs + periodMs + arrivalMarginMs - clock.now();
  }
  async function waitForPlace(signal: AbortSignal | undefined): Promise<Passed | undefined> {
    for (let waitMs = waitUntilPlace(); waitMs > 0; waitMs = waitUntilPlace()) {
      await clock.sleep(waitMs, signal);
      if (signal?.aborted === true) return undefined;
    }
    if (passed.length >= requests) passed.splice(passed.indexOf(oldestOf(passed)), 1);
    const mine: Passed = { atMs: clock.now() };
    passed.push(mine);
    return mine;
  }
  return {
    pass: (signal) => {
      const mine = turn.then(() => waitForPlace(signal));
      turn = mine;
      return mine;
    },
  };
}

function oldestOf(passed: readonly Passed[]): Passed {
  return passed.reduce((oldest, each) => (each.atMs < oldest.atMs ? each : oldest), { atMs: Infinity });
}

/** Written down for so many requests at a time, because a writing costs as much as a page. */
const blockSize = 3;
/** What is not used of a block by then never is. */
const blockMs = 1000;
/** The longest period that a limit counts over. */
const longestPeriodMs = 60_000;

/** Makes sure, before each request, that a restart would know of it. */
function reserveBlocks(
  whose: { readonly app: string; readonly business: string },
  { clock, memory }: { readonly clock: Clock; readonly memory: RequestMemory },
): () => void {
  let left = 0;
  let untilMs = 0;
  return () => {
    const nowMs = clock.now();
    // A clock that was set back does not make a block last longer.
    if (left === 0 || nowMs >= untilMs || untilMs - nowMs > blockMs) {
      memory.reserve(
        { ...whose, requests: blockSize, untilMs: nowMs + blockMs },
        nowMs - longestPeriodMs - arrivalMarginMs,
      );
      untilMs = nowMs + blockMs;
      left = blockSize;
    }
    left -= 1;
  };
}

/** As if each had been made as late as it can have been, whatever has become of the clock since. */
function timesOf(reservations: readonly Reservation[], nowMs: number): number[] {
  return reservations
    .flatMap(({ requests, untilMs }) => Array<number>(requests).fill(Math.min(untilMs, nowMs + blockMs)))
    .toSorted((left, right) => left - right);
}

function entryOf<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
