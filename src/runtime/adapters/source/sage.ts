import type { Clock } from '../../../sage/clock.ts';
import { openGrant } from '../../../sage/grant.ts';
import type { Grant } from '../../../sage/grant.ts';
import type { HttpClient } from '../../../sage/http.ts';
import { refreshTokens } from '../../../sage/refresh-tokens.ts';
import type { RequestBudget } from '../../../sage/request-budget.ts';
import { createSageClient } from '../../../sage/sage-client.ts';
import type { ListResult, RequestHeaders, SageClient } from '../../../sage/sage-client.ts';
import type { Crash } from '../../crash-points.ts';
import type { InstancePlan } from '../../poll-plan.ts';
import type { PageRequest, PageResult, Source } from '../../ports/source.ts';
import type { GrantStore } from '../../ports/grant-store.ts';
import type { Report } from '../../report.ts';
import type { TokenCipher } from '../../token-cipher.ts';
import { toSourceFailure } from './failure.ts';
import { openGrantVault } from './grant-vault.ts';
import { deletionSightOf, listRequestFor, refusalOf } from './sage-list-request.ts';

export interface SageSourceOptions {
  /** With the version: `https://api.accounting.sage.com/v3.1`. */
  readonly baseUrl: string;
  readonly tokenUrl: string;
  /** What another version of the API wants besides the token. */
  readonly headersOf?: RequestHeaders;
  readonly grants: GrantStore;
  readonly cipher: TokenCipher;
  readonly http: HttpClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly crash: Crash;
  readonly report: Report;
}

/** One instance's access to Sage's v3.1 API, or to anything that speaks like it. */
export function openSageSource(instance: InstancePlan, options: SageSourceOptions): Source {
  const { grant, client } = openAccess(instance, options);
  return {
    refusal: refusalOf,
    deletionSight: deletionSightOf,
    readPage: async (page, signal) =>
      toPageResult(await readList(page, { client, clock: options.clock, signal })),
    [Symbol.asyncDispose]: () => grant.settled(),
  };
}

interface Access {
  readonly grant: Grant;
  readonly client: SageClient;
}

function openAccess(instance: InstancePlan, options: SageSourceOptions): Access {
  const { tokenUrl, http, clock, report } = options;
  const { credentials: app, business } = instance;
  if (app === undefined) throw new Error(`instance '${instance.id}' was planned without credentials`);
  const grant = openGrant({
    vault: openGrantVault({ id: instance.id, credentials: app }, options),
    refresh: (refreshToken) =>
      refreshTokens({ tokenUrl, app, refreshToken }, { send: http.send, now: clock.now }),
    now: clock.now,
    onRefreshed: ({ accessExpiresMs }) =>
      report({ kind: 'token-refreshed', instance: instance.id, expiresMs: accessExpiresMs }),
  });
  const { baseUrl, budget, headersOf } = options;
  const client = createSageClient({
    baseUrl,
    app: app.clientId,
    business,
    budgetKey: business ?? instance.id,
    ...(headersOf !== undefined && { headersOf }),
    grant,
    budget,
    send: http.send,
    clock,
  });
  return { grant, client };
}

async function readList(
  page: PageRequest,
  {
    client,
    clock,
    signal,
  }: { readonly client: SageClient; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ListResult> {
  if (page.cursor !== undefined) return client.listNext(page.cursor, signal);
  const request = listRequestFor(page, clock.now());
  if (request !== undefined) return client.list(request, signal);
  return { kind: 'failed', failure: { kind: 'refused', message: `Sage has nothing for '${page.poll.url}'` } };
}

function toPageResult(result: ListResult): PageResult {
  if (result.kind === 'aborted') return result;
  if (result.kind === 'failed') return { kind: 'failed', failure: toSourceFailure(result.failure) };
  const { items: records, total, next, serverTimeMs } = result.page;
  return { kind: 'page', page: { records, total, next, serverTimeMs } };
}
