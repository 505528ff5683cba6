import type { DeliveryOutcome } from '../ports/delivery.ts';
import type { EndpointState } from '../ports/endpoint-store.ts';
import { isBodyRefused } from './retry-schedule.ts';

const openMs = 30_000;
/** After so long without a success a receiver is hardly coming back by itself. */
const disabledAfterMs = 5 * 24 * 3_600_000;
/** A receiver that asks for more is asked again all the same: its clock may be wrong. */
const longestOpenMs = 3_600_000;
const goneStatus = 410;

/** What an outcome says of the receiver, and not of what was sent. */
export function isEndpointFailure(outcome: DeliveryOutcome): boolean {
  if (outcome.kind === 'accepted') return false;
  return outcome.kind === 'unreachable' || outcome.status >= 500 || !isBodyRefused(outcome.status);
}

/**
 * The state of a receiver after an outcome. It is disabled when it says that it is gone (410), or after five days of
 * failures; open for as long as it asks for, or for half a minute when most of what it was sent lately failed
 * (`isFailing`); closed again with the first success.
 */
export function judgeEndpoint(
  before: EndpointState,
  {
    outcome,
    isFailing,
    nowMs,
  }: { readonly outcome: DeliveryOutcome; readonly isFailing: boolean; readonly nowMs: number },
): EndpointState {
  const { endpoint, state } = before;
  // Only a person enables it again; an answer may still come to what was sent before.
  if (state === 'disabled') return before;
  if (!isEndpointFailure(outcome))
    return closedEndpoint(endpoint, state === 'closed' ? before.sinceMs : nowMs);
  const failingSinceMs = before.failingSinceMs ?? nowMs;
  const failing = { ...before, failingSinceMs };
  const reason = reasonOf(outcome);
  if (outcome.kind === 'rejected' && outcome.status === goneStatus) {
    return disabled(failing, 'the receiver answered 410: it is gone', nowMs);
  }
  if (nowMs - failingSinceMs >= disabledAfterMs) {
    return disabled(failing, `nothing was accepted for 5 days; last of all: ${reason}`, nowMs);
  }
  const askedMs = outcome.kind === 'rejected' ? outcome.retryAfterMs : undefined;
  const isProbe = state === 'open' && nowMs >= (before.retryAtMs ?? 0);
  if (askedMs === undefined && !isFailing && !isProbe) return failing;
  if (state === 'open' && !isProbe && askedMs === undefined) return failing;
  const waitMs = askedMs === undefined ? openMs : Math.min(Math.max(askedMs, 1000), longestOpenMs);
  const sinceMs = state === 'open' ? before.sinceMs : nowMs;
  return { ...failing, state: 'open', reason, sinceMs, retryAtMs: nowMs + waitMs };
}

export function closedEndpoint(endpoint: string, sinceMs: number): EndpointState {
  return {
    endpoint,
    state: 'closed',
    reason: undefined,
    sinceMs,
    retryAtMs: undefined,
    failingSinceMs: undefined,
  };
}

function disabled(before: EndpointState, reason: string, nowMs: number): EndpointState {
  return { ...before, state: 'disabled', reason, sinceMs: nowMs, retryAtMs: undefined };
}

function reasonOf(outcome: DeliveryOutcome): string {
  return outcome.kind === 'unreachable' ? outcome.reason : `the receiver answered ${outcome.status}`;
}
