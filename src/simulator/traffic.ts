import type { Clock } from './clock.ts';

/** Who a request came from, as far as it can be told. */
export interface Caller {
  /** The client id: Sage's limits are per app, over all its customers. */
  readonly app?: string | undefined;
  readonly tenant?: string | undefined;
  /** What a token request wants to renew. */
  readonly grant?: string | undefined;
}

interface RequestLine {
  readonly atMs: number;
  readonly endpoint: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly tenant: string | undefined;
  /** Undefined when the connection was cut. */
  readonly status: number | undefined;
}

export interface TrafficReport {
  readonly requests: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Over any window of 1000 ms. */
  readonly maxPerSecondPerApp: number;
  readonly maxInFlightPerApp: number;
  /** Over any window of 60 s. */
  readonly maxPerMinutePerBusiness: number;
  readonly refreshes: number;
  /** More than 1 means that two refreshes of one grant ran at once. */
  readonly maxRefreshesInFlightPerGrant: number;
}

export interface Traffic {
  /** Counts the request as in flight; call the result once, when it is over. */
  begin(endpoint: string, caller: Caller): (line: Pick<RequestLine, 'method' | 'path' | 'status'>) => void;
  inFlight(app: string): number;
  report(): TrafficReport;
  /** The latest 10,000 requests, oldest first. */
  lines(): readonly RequestLine[];
}

const keptLines = 10_000;

/** Whose requests count against an app's and a business's limits. */
const dataEndpoints: ReadonlySet<string> = new Set(['accounting', 'legacy', 'hub']);

export function createTraffic(clock: Clock): Traffic {
  const perSecond = slidingMaximum(1000);
  const perMinute = slidingMaximum(60_000);
  const apps = concurrency();
  const grants = concurrency();
  const byStatus: Record<string, number> = {};
  const lines: RequestLine[] = [];
  let requests = 0;
  let refreshes = 0;

  return {
    begin: (endpoint, { app, tenant, grant }) => {
      const atMs = clock.nowMs();
      requests += 1;
      const isData = dataEndpoints.has(endpoint);
      if (isData && app !== undefined) perSecond.add(app, atMs);
      if (isData && tenant !== undefined) perMinute.add(tenant, atMs);
      const endApp = apps.begin(isData ? app : undefined);
      const endGrant = grants.begin(grant);
      if (grant !== undefined) refreshes += 1;
      return ({ method, path, status }) => {
        endApp();
        endGrant();
        const name = status === undefined ? 'dropped' : String(status);
        byStatus[name] = (byStatus[name] ?? 0) + 1;
        keepLatest(lines, { atMs, endpoint, method, path, tenant, status });
      };
    },
    inFlight: (app) => apps.now(app),
    report: () => ({
      requests,
      byStatus: { ...byStatus },
      maxPerSecondPerApp: perSecond.maximum(),
      maxInFlightPerApp: apps.maximum(),
      maxPerMinutePerBusiness: perMinute.maximum(),
      refreshes,
      maxRefreshesInFlightPerGrant: grants.maximum(),
    }),
    lines: () => lines.slice(-keptLines),
  };
}

function keepLatest(lines: RequestLine[], line: RequestLine): void {
  lines.push(line);
  // In blocks, because shifting one by one costs the whole array each time.
  if (lines.length >= 2 * keptLines) lines.splice(0, keptLines);
}

/** The most events of one key that any window of that length held. */
function slidingMaximum(windowMs: number): { add(key: string, atMs: number): void; maximum(): number } {
  const windows = new Map<string, { times: number[]; start: number }>();
  let most = 0;
  return {
    add: (key, atMs) => {
      const window = windows.get(key) ?? { times: [], start: 0 };
      windows.set(key, window);
      window.times.push(atMs);
      while ((window.times[window.start] ?? atMs) <= atMs - windowMs) window.start += 1;
      if (window.start > 1024 && window.start * 2 > window.times.length) {
        window.times = window.times.slice(window.start);
        window.start = 0;
      }
      most = Math.max(most, window.times.length - window.start);
    },
    maximum: () => most,
  };
}

function concurrency(): {
  begin(key: string | undefined): () => void;
  now(key: string): number;
  maximum(): number;
} {
  const current = new Map<string, number>();
  let most = 0;
  return {
    begin: (key) => {
      if (key === undefined) return () => undefined;
      const count = (current.get(key) ?? 0) + 1;
      current.set(key, count);
      most = Math.max(most, count);
      return () => current.set(key, (current.get(key) ?? 1) - 1);
    },
    now: (key) => current.get(key) ?? 0,
    maximum: () => most,
  };
}
