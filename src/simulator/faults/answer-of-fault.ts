import { sageErrors } from '../accounting/sage-errors.ts';
import type { Answer } from '../http/answer.ts';
import { jsonAnswer } from '../http/answer.ts';
import type { Fault } from './fault.ts';
import { findFault } from './fault-script.ts';

/** The answer that a fault gives instead of the real one; undefined for a fault that only bends it. */
export function answerOfFault(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'rate-limit':
      return sageErrors.rateLimit(retryHeader(fault.retryAfter));
    case 'expired-token':
      return sageErrors.expiredToken();
    case 'subscription-ended':
      return sageErrors.subscriptionEnded();
    case 'access-denied':
      return sageErrors.accessDenied();
    case 'invalid-grant':
      return jsonAnswer(400, { error: 'invalid_grant' });
    case 'server-error':
      return sageErrors.unexpected();
    case 'unavailable':
      return sageErrors.unavailable(retryHeader(fault.retryAfter));
    case 'gateway-timeout':
      return gatewayTimeout;
    case 'status':
      return {
        status: fault.status,
        headers: { ...retryHeader(fault.retryAfter), ...locationHeader(fault.location) },
      };
    // These bend the answer instead of replacing it: whoever makes the answer looks for them.
    case 'drop':
    case 'truncate':
    case 'endless-body':
    case 'slow':
    case 'date-skew':
    case 'shuffle':
    case 'omit-next':
    case 'repeat-page':
    case 'wrong-total':
    case 'change-between-pages':
      return undefined;
    default:
      return fault satisfies never;
  }
}

const gatewayTimeout: Answer = {
  status: 504,
  headers: { 'Content-Type': 'text/html' },
  body: '<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>',
};

/** The answer with its body cut or endless, where a fault wants that. */
export function bendEnding(answer: Answer, faults: readonly Fault[]): Answer {
  if (findFault(faults, 'truncate') !== undefined) return { ...answer, ending: 'truncated' };
  if (findFault(faults, 'endless-body') !== undefined) return { ...answer, ending: 'endless' };
  return answer;
}

function retryHeader(retryAfter: string | undefined): Record<string, string> {
  return retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
}

function locationHeader(location: string | undefined): Record<string, string> {
  return location === undefined ? {} : { Location: location };
}
