import { sageErrors } from '../accounting/sage-errors.ts';
import type { Clock } from '../clock.ts';
import { answerOfFault, bendEnding } from '../faults/answer-of-fault.ts';
import type { Fault } from '../faults/fault.ts';
import type { FaultScript } from '../faults/fault-script.ts';
import { findFault } from '../faults/fault-script.ts';
import type { Random } from '../random.ts';
import type { Traffic } from '../traffic.ts';
import type { Answer, Outcome, ReceivedRequest } from './answer.ts';
import type { Endpoint } from './endpoint.ts';

export interface SageSideOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly endpoints: readonly Endpoint[];
  readonly faults: FaultScript;
  readonly traffic: Traffic;
  /** Requests of one app in flight beyond which Sage answers 429. */
  readonly maxInFlight: number;
  /** Ends every wait when the simulator closes. */
  readonly closing: AbortSignal;
}

/** What every request to Sage goes through: counting, faults, the endpoint, Sage's headers. */
export async function handleSageRequest(
  request: ReceivedRequest,
  { clock, random, endpoints, faults, traffic, maxInFlight, closing }: SageSideOptions,
): Promise<Outcome> {
  const endpoint = endpoints.find(({ accepts }) => accepts(request.path));
  if (endpoint === undefined) return stamp(sageErrors.notFound(request.path), clock, random, []);
  const caller = endpoint.identify(request);
  const end = traffic.begin(endpoint.name, caller);
  const query = decodeURIComponent(request.query.toString().replaceAll('+', ' '));
  const taken = faults.take({
    on: endpoint.name,
    path: request.path,
    tenant: caller.tenant,
    text: `${query}\n${request.body.toString()}`,
  });
  const line = { method: request.method, path: query === '' ? request.path : `${request.path}?${query}` };
  let status: number | undefined;
  try {
    const slow = findFault(taken, 'slow');
    if (slow !== undefined) await clock.wait(slow.delayMs, closing);
    const drop = findFault(taken, 'drop');
    if (drop?.when === 'before') return 'drop';
    const isOverLimit = caller.app !== undefined && traffic.inFlight(caller.app) > maxInFlight;
    const answer = isOverLimit ? sageErrors.rateLimit() : answerWith(endpoint, request, taken);
    if (drop !== undefined) return 'drop';
    status = answer.status;
    return stamp(answer, clock, random, taken);
  } finally {
    end({ ...line, status });
  }
}

function answerWith(endpoint: Endpoint, request: ReceivedRequest, taken: readonly Fault[]): Answer {
  for (const fault of taken) {
    const answer = endpoint.answerOfFault?.(fault) ?? answerOfFault(fault);
    if (answer !== undefined) return answer;
  }
  return endpoint.handle(request, taken);
}

function stamp(answer: Answer, clock: Clock, random: Random, taken: readonly Fault[]): Answer {
  const skewMs = findFault(taken, 'date-skew')?.skewMs ?? 0;
  const headers = {
    ...answer.headers,
    Date: new Date(clock.nowMs() + skewMs).toUTCString(),
    x_request_id: random.hex(),
  };
  return bendEnding({ ...answer, headers }, taken);
}
