import type { AccountingOptions } from '../accounting/accounting-endpoint.ts';
import { answerBusiness, grantOf } from '../accounting/accounting-endpoint.ts';
import { sageErrors } from '../accounting/sage-errors.ts';
import type { Fault } from '../faults/fault.ts';
import type { Answer, ReceivedRequest } from '../http/answer.ts';
import { headerOf } from '../http/answer.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { AccessGrant } from '../oauth/grants.ts';
import type { Tenant } from '../tenant.ts';
import { legacySignature } from './check-signature.ts';
import { legacyErrors } from './legacy-errors.ts';

export type LegacyOptions = AccountingOptions & { readonly tenants: readonly Tenant[] };

export const legacyPrefix = '/uki/sageone/accounts/v3';

/** What v3.1 has, and v3 had not. */
const newerPaths = new Set(['analysis_types', 'analysis_type_categories', 'cis_settings']);

/** Sage's v3 API, reading side: the same lists as v3.1, behind a subscription key and `X-Site`. */
export function createLegacyEndpoint(options: LegacyOptions): Endpoint {
  return {
    name: 'legacy',
    accepts: (path) => path.startsWith(`${legacyPrefix}/`),
    identify: (request) => {
      const grant = grantOf(request, options.grants);
      return { app: grant?.tenant.clientId, tenant: siteOf(request, grant, options)?.name };
    },
    handle: (request, faults) => answerLegacy(request, faults, options),
  };
}

function answerLegacy(request: ReceivedRequest, faults: readonly Fault[], options: LegacyOptions): Answer {
  const refusal = refuseManagement(request, options);
  if (refusal !== undefined) return refusal;
  const grant = grantOf(request, options.grants);
  if (grant === undefined) return sageErrors.missingToken();
  if (grant.isExpired) return sageErrors.expiredToken();
  const tenant = siteOf(request, grant, options);
  if (tenant === undefined) return legacyErrors.wrongSite();
  if (options.choices.legacySignature === 'require' && !isSigned(request, tenant))
    return legacyErrors.wrongSignature();
  if (request.method !== 'GET') return sageErrors.methodNotAllowed(request.method);
  const path = request.path.slice(legacyPrefix.length);
  if (newerPaths.has(path.split('/')[1] ?? '')) return sageErrors.notFound(path);
  return answerBusiness({ path, tenant, request, faults }, options);
}

function refuseManagement(request: ReceivedRequest, { tenants }: LegacyOptions): Answer | undefined {
  const key = headerOf(request, 'ocp-apim-subscription-key') ?? request.query.get('subscription-key');
  if (key === null) return legacyErrors.missingHeader('ocp-apim-subscription-key');
  if (!tenants.some(({ subscriptionKey }) => subscriptionKey === key)) return legacyErrors.unknownKey();
  return headerOf(request, 'x-site') === undefined ? legacyErrors.missingHeader('X-Site') : undefined;
}

/** The business that `X-Site` names, if the user of the grant can see it. */
function siteOf(
  request: ReceivedRequest,
  grant: AccessGrant | undefined,
  { businesses }: LegacyOptions,
): Tenant | undefined {
  if (grant === undefined) return undefined;
  const site = headerOf(request, 'x-site');
  return businesses.visibleTo(grant.tenant.user).find(({ resourceOwnerId }) => resourceOwnerId === site);
}

function isSigned(request: ReceivedRequest, { signingSecret }: Tenant): boolean {
  const [, accessToken = ''] = (headerOf(request, 'authorization') ?? '').split(' ');
  const expected = legacySignature({
    method: request.method,
    address: `http://${headerOf(request, 'host') ?? ''}${request.path}`,
    query: request.query,
    body: request.body,
    nonce: headerOf(request, 'x-nonce') ?? '',
    site: headerOf(request, 'x-site') ?? '',
    signingSecret,
    accessToken,
  });
  return headerOf(request, 'x-signature') === expected;
}
