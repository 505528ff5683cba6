import type { Fault } from '../faults/fault.ts';
import type { Answer, ReceivedRequest } from '../http/answer.ts';
import { headerOf, jsonAnswer } from '../http/answer.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { AccessGrant, Grants } from '../oauth/grants.ts';
import type { Tenant } from '../tenant.ts';
import { visibleVersion } from '../world/world.ts';
import type { Businesses } from './businesses.ts';
import { answerAccount } from './businesses.ts';
import { parseAttributes } from './list-query.ts';
import type { ListOptions } from './list-resource.ts';
import { listResource } from './list-resource.ts';
import { renderItem } from './render-page.ts';
import { sageErrors } from './sage-errors.ts';

export interface AccountingOptions extends ListOptions {
  readonly grants: Grants;
  readonly businesses: Businesses;
}

const prefix = '/v3.1';

/** Sage's v3.1 API, reading side. */
export function createAccountingEndpoint(options: AccountingOptions): Endpoint {
  return {
    name: 'accounting',
    accepts: (path) => path.startsWith(`${prefix}/`),
    identify: (request) => {
      const grant = grantOf(request, options.grants);
      const tenant = grant === undefined ? undefined : businessOf(request, grant, options.businesses);
      return { app: grant?.tenant.clientId, tenant: tenant?.name };
    },
    handle: (request, faults) => answerAccounting(request, faults, options),
  };
}

function answerAccounting(
  request: ReceivedRequest,
  faults: readonly Fault[],
  options: AccountingOptions,
): Answer {
  const grant = grantOf(request, options.grants);
  if (grant === undefined) return sageErrors.missingToken();
  if (grant.isExpired) return sageErrors.expiredToken();
  if (request.method !== 'GET') return sageErrors.methodNotAllowed(request.method);
  const type = headerOf(request, 'content-type') ?? 'application/json';
  if (!type.startsWith('application/json')) return sageErrors.unsupportedMediaType();

  const path = request.path.slice(prefix.length);
  const account = answerAccount(path, grant.tenant, request.query, options.businesses);
  if (account !== undefined) return account;
  const business = businessOf(request, grant, options.businesses);
  if (business === undefined) return sageErrors.accessDenied();
  const answer = answerBusiness({ path, tenant: business, request, faults }, options);
  return { ...answer, headers: { ...answer.headers, 'X-Business': business.businessId } };
}

/** What the books of one business answer to a path below the API's version. */
export function answerBusiness(
  {
    path,
    tenant: { name: tenant },
    request,
    faults,
  }: {
    readonly path: string;
    readonly tenant: Tenant;
    readonly request: ReceivedRequest;
    readonly faults: readonly Fault[];
  },
  options: AccountingOptions,
): Answer {
  const [, resourcePath = '', id, ...more] = path.split('/');
  const resource = options.world.resourceAt(resourcePath);
  if (resource === undefined || more.length > 0) return sageErrors.notFound(path);
  if (id === undefined && resource.isSingleton !== true) {
    return listResource({ tenant, resource, parameters: request.query, faults }, options);
  }
  const wanted = id ?? resource.fixedIds?.[0] ?? '';
  return readItem(tenant, resourcePath, wanted, request.query, options) ?? sageErrors.notFound(path);
}

function readItem(
  tenant: string,
  path: string,
  id: string,
  query: URLSearchParams,
  { world, clock, choices }: AccountingOptions,
): Answer | undefined {
  const history = world.find(tenant, path, id);
  const shown = history === undefined ? undefined : visibleVersion(history, clock.nowMs());
  if (history === undefined || shown === undefined) return undefined;
  if (shown.type === 'DELETED' && shown.seenIn !== 'changes') return undefined;
  const marks =
    choices.readingMarksAsSent === 'yes' &&
    history.resource.marksAsSent &&
    query.get('mark_as_sent') !== 'false' &&
    shown.record['sent'] !== true;
  const { record } = marks ? world.edit(tenant, id, { fields: { sent: true } }) : shown;
  return jsonAnswer(
    200,
    renderItem(record, parseAttributes(query.get('attributes') ?? 'all'), history.resource),
  );
}

/** The grant of the bearer's token; undefined without a known one. */
export function grantOf(request: ReceivedRequest, grants: Grants): AccessGrant | undefined {
  const header = /^Bearer (?<token>\S+)$/i.exec(headerOf(request, 'authorization') ?? '');
  const token = header?.groups?.['token'];
  return token === undefined ? undefined : grants.authenticate(token);
}

/** The business that `X-Business` names, or the user's lead business; undefined if the user cannot see it. */
function businessOf(
  request: ReceivedRequest,
  { tenant }: AccessGrant,
  businesses: Businesses,
): Tenant | undefined {
  const wanted = headerOf(request, 'x-business');
  if (wanted === undefined) return businesses.leadOf(tenant.user);
  return businesses.visibleTo(tenant.user).find(({ businessId }) => businessId === wanted);
}
