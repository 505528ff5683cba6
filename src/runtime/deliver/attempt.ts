import type { DeliveryTarget } from '../poll-plan.ts';
import type { DeliveryOutcome } from '../ports/delivery.ts';
import type { Attempt } from '../ports/outbox-store.ts';
import { redactAnswer } from './redact-answer.ts';

/** What is kept of one try: enough to see what the receiver said, and nothing that opens a door. */
export function describeAttempt(
  outcome: DeliveryOutcome,
  {
    target,
    startedMs,
    endedMs,
  }: { readonly target: DeliveryTarget; readonly startedMs: number; readonly endedMs: number },
): Attempt {
  const answer = outcome.kind === 'unreachable' ? undefined : outcome.answer;
  return {
    startedMs,
    durationMs: Math.max(0, endedMs - startedMs),
    status: outcome.kind === 'unreachable' ? undefined : outcome.status,
    failure: failureOf(outcome),
    answer: answer === undefined ? undefined : redactAnswer(answer, target),
  };
}

function failureOf(outcome: DeliveryOutcome): string | undefined {
  if (outcome.kind === 'accepted') return undefined;
  return outcome.kind === 'unreachable' ? outcome.reason : `the receiver answered ${outcome.status}`;
}
