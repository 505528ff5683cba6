import type { HttpClient, HttpResponse } from '../../sage/http.ts';
import type { DryRun } from './dry-run.ts';

/** Stands for the token that a refresh would give. */
const noToken = 'dry-run';

/**
 * Lets requests through that read with a token that is still good. A refresh is never sent, because it would use up the
 * grant: what would follow it is only shown, and answered with nothing.
 */
export function dryHttp(
  http: HttpClient,
  {
    instance,
    dryRun,
    now,
  }: { readonly instance: string; readonly dryRun: DryRun; readonly now: () => number },
): HttpClient {
  return {
    ...http,
    send: async (request) => {
      if (request.method !== 'GET')
        return dryRun.mayRefresh ? http.send(request) : answer(tokenAnswer, now());
      const isSent = !(request.headers['authorization'] ?? '').endsWith(noToken);
      dryRun.onRequest({ instance, url: request.url.href, isSent });
      return isSent ? http.send(request) : answer(emptyPage, now());
    },
  };
}

const tokenAnswer = {
  access_token: noToken,
  refresh_token: noToken,
  expires_in: 3600,
  // The legacy API is told whose data it is, even where nothing is sent.
  resource_owner_id: noToken,
};
const emptyPage = { $total: 0, $page: 1, $next: null, $items: [] };

function answer(body: unknown, nowMs: number): HttpResponse {
  return { status: 200, headers: { date: new Date(nowMs).toUTCString() }, text: JSON.stringify(body) };
}
