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

/** Sage counts arrivals: two requests that left a second apart may arrive a little closer. */
const arrivalMarginMs = 50;

/** One budget for everything that this process sends to Sage. */
export function createRequestBudget(limits: BudgetLimits, clock: Clock): RequestBudget {
  const apps = new Map<string, App>();
  const businesses = new Map<string, RateWindow>();
  return {
    enter: async ({ app: appName, business }, signal) => {
      if (limits.businessPerMinute !== undefined) {
        const perMinute = limits.businessPerMinute;
        const window = entryOf(businesses, `${appName}\n${business}`, () =>
          createRateWindow({ requests: perMinute, periodMs: 60_000 }, clock),
        );
        if (!(await window.pass(signal))) return undefined;
      }
      const app = entryOf(apps, appName, () => createApp(limits, clock));
      return app.enter(signal);
    },
  };
}

interface App {
  readonly enter: (signal?: AbortSignal) => Promise<(() => void) | undefined>;
}

function createApp({ appPerSecond, appInFlight }: BudgetLimits, clock: Clock): App {
  const window = createRateWindow({ requests: appPerSecond, periodMs: 1000 }, clock);
  const waiting: (() => void)[] = [];
  let inFlight = 0;
  function leave(): void {
    const next = waiting.shift();
    // A place is handed over, not freed: nobody can slip in between.
    if (next === undefined) inFlight -= 1;
    else next();
  }
  return {
    enter: async (signal) => {
      if (inFlight < appInFlight) inFlight += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      if (await window.pass(signal)) return leave;
      leave();
      return undefined;
    },
  };
}

interface RateWindow {
  /** False when the signal aborted before the turn came. */
  readonly pass: (signal?: AbortSignal) => Promise<boolean>;
}

/** Lets through at most so many in any period, wherever the period starts; a token bucket would let twice as many pass. */
function createRateWindow(
  { requests, periodMs }: { requests: number; periodMs: number },
  clock: Clock,
): RateWindow {
  const passedAt: number[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  function waitUntilPlace(): number {
    const oldest = passedAt.length < requests ? undefined : passedAt[0];
    return oldest === undefined ? 0 : oldest + periodMs + arrivalMarginMs - clock.now();
  }
  async function waitForPlace(signal: AbortSignal | undefined): Promise<boolean> {
    for (let waitMs = waitUntilPlace(); waitMs > 0; waitMs = waitUntilPlace()) {
      await clock.sleep(waitMs, signal);
      if (signal?.aborted === true) return false;
    }
    if (passedAt.length >= requests) passedAt.shift();
    passedAt.push(clock.now());
    return true;
  }
  return {
    pass: (signal) => {
      const mine = turn.then(() => waitForPlace(signal));
      turn = mine;
      return mine;
    },
  };
}

function entryOf<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
