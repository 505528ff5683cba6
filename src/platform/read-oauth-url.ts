import type { Secret } from '../model/secret.ts';
import type { SendHttp } from '../sage/http.ts';
import type { Clock } from '../sage/clock.ts';
import { callPlatform, type PlatformAccount } from './call-platform.ts';
import { failed, malformedAnswer, type PlatformResult } from './platform-failure.ts';

/** Asks the platform for the page where a user gives it access. The platform, not we, exchanges the code of the redirect. */
export async function readOAuthUrl(
  {
    elementKey,
    clientId,
    clientSecret,
    redirectUri,
    scope,
    state,
  }: {
    readonly elementKey: string;
    readonly clientId: string;
    readonly clientSecret: Secret;
    readonly redirectUri: string;
    /** The platform's own where undefined. */
    readonly scope: string | undefined;
    readonly state: string;
  },
  options: { readonly account: PlatformAccount; readonly send: SendHttp; readonly clock: Clock },
): Promise<PlatformResult<URL>> {
  const query = {
    apiKey: clientId,
    apiSecret: clientSecret.reveal(),
    callbackUrl: redirectUri,
    state,
    ...(scope !== undefined && { scope }),
  };
  const path = `/elements/${encodeURIComponent(elementKey)}/oauth/url`;
  const answer = await callPlatform({ method: 'GET', path, query, secrets: [query.apiSecret] }, options);
  if (!answer.ok) return answer;
  const url = URL.parse(oauthUrlIn(answer.value.text));
  // It is opened in a browser, so it must be nothing but a page.
  if (url === null || !['https:', 'http:'].includes(url.protocol) || !url.searchParams.has('client_id'))
    return failed(malformedAnswer('it has no "oauthUrl" of a page that asks for access'));
  // Documented, but the documentation's own example has another one in its answer.
  url.searchParams.set('state', state);
  return { ok: true, value: url };
}

function oauthUrlIn(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    const found: unknown =
      typeof body === 'object' && body !== null && 'oauthUrl' in body ? body.oauthUrl : '';
    return typeof found === 'string' ? found : '';
  } catch {
    // A gateway's page.
    return '';
  }
}
