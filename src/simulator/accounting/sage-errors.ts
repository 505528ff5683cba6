import type { Answer } from '../http/answer.ts';
import { jsonAnswer } from '../http/answer.ts';

/** Sage's errors: the body is an array, whatever the status. */
function sageError(
  status: number,
  dataCode: string,
  message: string,
  { source = '', headers = {} }: { readonly source?: string; readonly headers?: Record<string, string> } = {},
): Answer {
  const body = [{ $severity: 'error', $dataCode: dataCode, $message: message, $source: source }];
  return jsonAnswer(status, body, headers);
}

/** One function per error. Which texts are documented and which are assumed is said in `assumptions.ts`. */
export const sageErrors = {
  invalidParameter: (name: string, value: string) =>
    sageError(400, 'InvalidParameter', `"${value}" is not a valid value.`, { source: name }),
  unknownParameter: (name: string) =>
    sageError(400, 'InvalidParameter', 'This parameter is not supported.', { source: name }),
  missingToken: () => sageError(401, 'AuthenticationFailure', 'The access token is missing or unknown.'),
  expiredToken: () => sageError(401, 'AuthenticationFailure', 'The access token has expired.'),
  subscriptionEnded: () => sageError(401, 'AuthorizationFailure', 'No active subscription. (MSE)'),
  accessDenied: () =>
    sageError(
      403,
      'MultiUserAccessDenied',
      'The current user is not allowed to access that resource with that method.',
    ),
  notFound: (path: string) =>
    sageError(404, 'RecordNotFound', 'The requested resource could not be found.', { source: path }),
  methodNotAllowed: (method: string) =>
    sageError(405, 'MethodNotAllowed', `The method ${method} is not simulated.`, {
      headers: { Allow: 'GET' },
    }),
  unsupportedMediaType: () => sageError(415, 'UnsupportedMediaType', 'Only application/json is supported.'),
  rateLimit: (headers: Record<string, string> = {}) =>
    sageError(429, 'RateLimitExceeded', 'Too many requests. Wait and repeat.', { headers }),
  unexpected: () => sageError(500, 'UnexpectedError', 'An unexpected error occurred.'),
  unavailable: (headers: Record<string, string> = {}) =>
    sageError(503, 'ServiceUnavailable', 'The service is temporarily unavailable.', { headers }),
};
