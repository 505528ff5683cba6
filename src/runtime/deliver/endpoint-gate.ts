import type { Clock } from '../../sage/clock.ts';
import type { DeliveryOutcome } from '../ports/delivery.ts';
import type { EndpointState, EndpointStore } from '../ports/endpoint-store.ts';
import type { Report } from '../report.ts';
import { createFailureWindow } from './failure-window.ts';
import type { FailureWindow } from './failure-window.ts';
import { closedEndpoint, isEndpointFailure, judgeEndpoint } from './judge-endpoint.ts';

/** Keeps what is sent from receivers that fail: a circuit breaker for each of them, which survives the process. */
export interface EndpointGate {
  /** How many notifications may be under way to the receiver now: none, one to find out, or any number. */
  readonly places: (endpoint: string) => number;
  /** When the next of these receivers that gets nothing now may be tried, epoch milliseconds; undefined when none is. */
  readonly nextTryMs: (endpoints: ReadonlySet<string>) => number | undefined;
  /** Takes in what came of sending something. */
  readonly judge: (endpoint: string, outcome: DeliveryOutcome) => Promise<void>;
  /** Reads the states anew: at the start, and when somebody has resumed one. */
  readonly load: () => Promise<void>;
}

/** A failure that passes by itself sooner is not worth writing. */
const worthWritingMs = 60_000;

export function createEndpointGate({
  store,
  clock,
  report,
}: {
  readonly store: EndpointStore;
  readonly clock: Clock;
  readonly report: Report;
}): EndpointGate {
  const states = new Map<string, EndpointState>();
  const windows = new Map<string, FailureWindow>();
  const written = new Map<string, EndpointState>();
  const windowOf = (endpoint: string): FailureWindow => {
    const window = windows.get(endpoint) ?? createFailureWindow();
    windows.set(endpoint, window);
    return window;
  };
  return {
    places: (endpoint) => placesIn(states.get(endpoint), clock.now()),
    nextTryMs: (endpoints) => {
      const nowMs = clock.now();
      let nextMs: number | undefined;
      for (const { endpoint, state, retryAtMs } of states.values()) {
        if (state !== 'open' || retryAtMs === undefined || retryAtMs <= nowMs) continue;
        if (endpoints.has(endpoint)) nextMs = Math.min(nextMs ?? Infinity, retryAtMs);
      }
      return nextMs;
    },
    judge: async (endpoint, outcome) => {
      const nowMs = clock.now();
      const window = windowOf(endpoint);
      window.add(isEndpointFailure(outcome), nowMs);
      const before = states.get(endpoint) ?? closedEndpoint(endpoint, nowMs);
      const after = judgeEndpoint(before, {
        outcome,
        isFailing: outcome.kind !== 'accepted' && window.isFailing(nowMs),
        nowMs,
      });
      if (after.state === 'closed' && before.state !== 'closed') windows.delete(endpoint);
      states.set(endpoint, after);
      if (isWorthWriting(written.get(endpoint), after, nowMs)) {
        written.set(endpoint, after);
        await store.write(after);
      }
      reportChange(before, after, report);
    },
    load: async () => {
      const known = await store.list();
      for (const { instanceIds: _ids, ...state } of known) {
        states.set(state.endpoint, state);
        written.set(state.endpoint, state);
        windows.delete(state.endpoint);
      }
    },
  };
}

function placesIn(state: EndpointState | undefined, nowMs: number): number {
  if (state === undefined || state.state === 'closed') return Infinity;
  return state.state === 'open' && nowMs >= (state.retryAtMs ?? 0) ? 1 : 0;
}

function isWorthWriting(before: EndpointState | undefined, after: EndpointState, nowMs: number): boolean {
  if (before?.state !== after.state || before.retryAtMs !== after.retryAtMs) {
    return before !== undefined || after.state !== 'closed';
  }
  if (after.failingSinceMs === undefined) return before.failingSinceMs !== undefined;
  return before.failingSinceMs === undefined && nowMs - after.failingSinceMs >= worthWritingMs;
}

function reportChange(before: EndpointState, after: EndpointState, report: Report): void {
  if (before.state === after.state) return;
  const { endpoint } = after;
  const reason = after.reason ?? '';
  if (after.state === 'closed') report({ kind: 'endpoint-closed', endpoint });
  if (after.state === 'disabled') report({ kind: 'endpoint-disabled', endpoint, reason });
  if (after.state === 'open') {
    report({ kind: 'endpoint-opened', endpoint, reason, retryAtMs: after.retryAtMs ?? 0 });
  }
}
