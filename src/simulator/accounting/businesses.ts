import { createHash } from 'node:crypto';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { Answer } from '../http/answer.ts';
import { jsonAnswer } from '../http/answer.ts';
import type { Tenant } from '../tenant.ts';
import type { Json } from '../world/sage-record.ts';
import { sageErrors } from './sage-errors.ts';

/** Who sees which business. */
export interface Businesses {
  visibleTo(user: string): readonly Tenant[];
  /** The business that a request without `X-Business` gets: the user's first, until it changes. */
  leadOf(user: string): Tenant | undefined;
  /** Makes that tenant's business the lead of its user, as users can do in Sage at any time. */
  setLead(tenant: string): void;
}

export function createBusinesses(tenants: readonly Tenant[]): Businesses {
  const leads = new Map<string, Tenant>();
  const visibleTo = (user: string): readonly Tenant[] => tenants.filter((tenant) => tenant.user === user);
  return {
    visibleTo,
    leadOf: (user) => leads.get(user) ?? visibleTo(user)[0],
    setLead: (name) => {
      const tenant = tenants.find((each) => each.name === name);
      if (tenant === undefined) throw new SagecfgError('usage', `unknown tenant "${name}"`);
      leads.set(tenant.user, tenant);
    },
  };
}

/** `/businesses…` and `/user`: about the user, not about one business, so without `X-Business`. */
export function answerAccount(
  path: string,
  { user }: Tenant,
  query: URLSearchParams,
  businesses: Businesses,
): Answer | undefined {
  if (path === '/user') return jsonAnswer(200, renderUser(user));
  if (path === '/businesses') return jsonAnswer(200, renderBusinesses(businesses.visibleTo(user), query));
  const id = /^\/businesses\/(?<id>[^/]+)$/.exec(path)?.groups?.['id'];
  if (id === undefined) return undefined;
  const lead = businesses.leadOf(user);
  const wanted =
    id === 'lead' ? lead : businesses.visibleTo(user).find(({ businessId }) => businessId === id);
  return wanted === undefined ? sageErrors.notFound(path) : jsonAnswer(200, renderBusiness(wanted, true));
}

/** Another envelope than every other list: `$items_per_page`, and no paging. */
function renderBusinesses(visible: readonly Tenant[], query: URLSearchParams): Json {
  const isFull = query.get('attributes') === 'all';
  return {
    $total: visible.length,
    $page: 1,
    $next: null,
    $back: null,
    $items_per_page: 2_147_483_647,
    $items: visible.map((tenant) => renderBusiness(tenant, isFull)),
  };
}

function renderBusiness({ businessId, name }: Tenant, isFull: boolean): Json {
  const minimal = { id: businessId, displayed_as: name, $path: `/businesses/${businessId}` };
  return isFull ? { ...minimal, name, country: 'GB' } : minimal;
}

function renderUser(user: string): Json {
  return {
    id: createHash('sha256').update(user).digest('hex').slice(0, 32),
    displayed_as: user,
    $path: '/user',
    email: `${user}@example.test`,
    first_name: user,
    last_name: '',
    locale: 'en-GB',
  };
}
