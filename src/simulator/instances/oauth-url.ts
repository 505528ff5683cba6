import type { Answer, ReceivedRequest } from '../http/answer.ts';
import { headerOf, jsonAnswer } from '../http/answer.ts';
import type { PlatformError } from './platform-errors.ts';
import { platformErrors } from './platform-errors.ts';

/** `GET /elements/{key}/oauth/url`: where a user gives access; here, the simulated Sage's own page. */
export function answerOAuthUrl(request: ReceivedRequest, elementKey: string): Answer | PlatformError {
  if (elementKey !== 'sageone') return platformErrors.elementMissing(elementKey);
  const { query } = request;
  for (const name of ['apiKey', 'apiSecret', 'callbackUrl']) {
    if ((query.get(name) ?? '') === '')
      return platformErrors.badRequest(`Missing required parameter: ${name}`);
  }
  const url = new URL(`http://${headerOf(request, 'host')}/oauth2/auth/central`);
  url.searchParams.set('scope', query.get('scope') ?? 'full_access');
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('redirect_uri', query.get('callbackUrl') ?? '');
  url.searchParams.set('state', query.get('state') ?? elementKey);
  url.searchParams.set('client_id', query.get('apiKey') ?? '');
  return jsonAnswer(200, { element: elementKey, oauthUrl: url.href });
}
