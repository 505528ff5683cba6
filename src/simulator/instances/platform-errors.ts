import type { Fault } from '../faults/fault.ts';
import type { Answer } from '../http/answer.ts';
import { jsonAnswer } from '../http/answer.ts';

/** The platform's errors: always `{requestId, message}`, with `providerMessage` where the provider said no. */
export type PlatformError = (requestId: string) => Answer;

function platformError(
  status: number,
  message: string,
  { providerMessage, headers = {} }: { providerMessage?: string; headers?: Record<string, string> } = {},
): PlatformError {
  return (requestId) =>
    jsonAnswer(
      status,
      { requestId, message, ...(providerMessage !== undefined && { providerMessage }) },
      headers,
    );
}

/** One function per documented code. The texts are ours, but for that of an empty list; see `assumptions.ts`. */
export const platformErrors = {
  badRequest: (message: string) => platformError(400, message),
  provider: (providerMessage: string) =>
    platformError(400, 'Failed to authenticate with the provider', { providerMessage }),
  unauthorised: () => platformError(401, 'Invalid User Secret or Organization Secret'),
  unknownToken: () => platformError(401, 'Invalid Element token'),
  forbidden: () => platformError(403, 'You do not have the privileges for this request'),
  instanceMissing: (id: string) => platformError(404, `No element instance found with ID ${id}`),
  emptyList: () => platformError(404, 'No element instances found'),
  elementMissing: (key: string) => platformError(404, `No element found with key or ID ${key}`),
  missing: (path: string) => platformError(404, `No resource found at ${path}`),
  notAllowed: (method: string) => platformError(405, `Request method '${method}' not supported`),
  notAcceptable: () => platformError(406, 'Only application/json can be produced'),
  unsupportedType: () => platformError(415, 'Content type not supported: expected application/json'),
} as const;

const statusTexts: Readonly<Record<number, string>> = {
  409: 'The request conflicts with the present state',
  429: 'Too many requests',
  500: 'An unexpected server error has occurred',
  502: 'Bad gateway',
  503: 'Service unavailable',
};

/** The answer of a fault in the platform's shape; undefined for a fault that only bends it. */
export function platformAnswerOfFault(fault: Fault, requestId: string): Answer | undefined {
  const answerWith = (status: number, retryAfter?: string): Answer =>
    platformError(status, statusTexts[status] ?? 'The request failed', {
      headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
    })(requestId);
  if (fault.kind === 'status')
    return fault.location === undefined ? answerWith(fault.status, fault.retryAfter) : undefined;
  if (fault.kind === 'rate-limit') return answerWith(429, fault.retryAfter);
  if (fault.kind === 'unavailable') return answerWith(503, fault.retryAfter);
  if (fault.kind === 'server-error') return answerWith(500);
  if (fault.kind === 'access-denied') return platformErrors.forbidden()(requestId);
  if (fault.kind === 'expired-token') return platformErrors.unauthorised()(requestId);
  if (fault.kind === 'invalid-grant') return platformErrors.provider('invalid_grant')(requestId);
  return undefined;
}
