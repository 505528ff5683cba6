import type { HttpClient } from '../../sage/http.ts';
import type { Delivery } from '../ports/delivery.ts';
import type { Source } from '../ports/source.ts';
import type { GrantStore } from '../ports/grant-store.ts';
import type { Report } from '../report.ts';
import type { Metrics } from './metrics.ts';
import { createScrubber, scrubbing } from './scrubber.ts';

/** What looks over the shoulder of a runtime: it counts, keeps secrets out of reports, and changes nothing. */
export interface Observation {
  /** Passes events on, without the secrets it has learnt. */
  readonly report: Report;
  /** Learns every `Secret` somewhere in the value. */
  readonly learn: (value: unknown) => void;
  readonly overHttp: (http: HttpClient) => HttpClient;
  readonly overDelivery: (delivery: Delivery) => Delivery;
  /** What a source says of a failure is kept in the state and shown later: its words are cleaned first. */
  readonly overSource: (source: Source) => Source;
  readonly overGrants: (grants: GrantStore) => GrantStore;
  /** Resolves when no token refresh is under way. */
  readonly refreshesSettled: () => Promise<void>;
  /** Counts from now on. */
  readonly countWith: (metrics: Metrics) => void;
}

export function createObservation(report: Report): Observation {
  const scrubber = createScrubber();
  const refreshes = new Set<Promise<unknown>>();
  let metrics: Metrics | undefined;
  return {
    report: scrubbing((event) => {
      metrics?.observe(event);
      report(event);
    }, scrubber),
    learn: scrubber.learn,
    overHttp: (http) => observeHttp(http, () => metrics),
    overDelivery: (delivery) => observeDelivery(delivery, () => metrics),
    overSource: (source) => cleanFailures(source, scrubber.clean),
    overGrants: (grants) => observeGrants(grants, { learn: scrubber.learn, refreshes }),
    refreshesSettled: async () => {
      await Promise.allSettled(refreshes);
    },
    countWith: (counting) => (metrics = counting),
  };
}

function cleanFailures(source: Source, clean: (text: string) => string): Source {
  return {
    ...source,
    readPage: async (request, signal) => {
      const result = await source.readPage(request, signal);
      if (result.kind !== 'failed') return result;
      return { ...result, failure: { ...result.failure, message: clean(result.failure.message) } };
    },
  };
}

function observeHttp(http: HttpClient, metrics: () => Metrics | undefined): HttpClient {
  let inFlight = 0;
  return {
    ...http,
    send: async (request) => {
      metrics()?.setRequestsInFlight((inFlight += 1));
      const startedMs = performance.now();
      let status = 'none';
      try {
        const response = await http.send(request);
        status = String(response.status);
        return response;
      } finally {
        metrics()?.setRequestsInFlight((inFlight -= 1));
        metrics()?.observeRequest({ status, seconds: secondsSince(startedMs) });
      }
    },
  };
}

function observeDelivery(delivery: Delivery, metrics: () => Metrics | undefined): Delivery {
  return {
    ...delivery,
    send: async (request) => {
      const startedMs = performance.now();
      const outcome = await delivery.send(request);
      metrics()?.observeDelivery({ outcome: outcome.kind, seconds: secondsSince(startedMs) });
      return outcome;
    },
  };
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}

function observeGrants(
  grants: GrantStore,
  {
    learn,
    refreshes,
  }: { readonly learn: (value: unknown) => void; readonly refreshes: Set<Promise<unknown>> },
): GrantStore {
  return {
    ...grants,
    read: async (instanceId) => {
      const grant = await grants.read(instanceId);
      learn(grant?.tokens);
      return grant;
    },
    readBySeed: async (seedMark) => {
      const grant = await grants.readBySeed(seedMark);
      learn(grant?.tokens);
      return grant;
    },
    write: async (instanceId, grant) => {
      learn(grant.tokens);
      await grants.write(instanceId, grant);
    },
    exclusively: async (name, work) => {
      const refresh = grants.exclusively(name, work);
      refreshes.add(refresh);
      try {
        return await refresh;
      } finally {
        refreshes.delete(refresh);
      }
    },
  };
}
