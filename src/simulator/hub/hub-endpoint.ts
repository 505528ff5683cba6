import { parseAttributes } from '../accounting/list-query.ts';
import type { Attributes } from '../accounting/list-query.ts';
import { selectPage } from '../accounting/list-resource.ts';
import type { ListOptions } from '../accounting/list-resource.ts';
import { renderItem } from '../accounting/render-page.ts';
import type { Fault } from '../faults/fault.ts';
import { findFault } from '../faults/fault-script.ts';
import type { Answer, ReceivedRequest } from '../http/answer.ts';
import { headerOf, jsonAnswer } from '../http/answer.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Instances } from '../instances/instances.ts';
import { platformPrefix } from '../instances/instances-endpoint.ts';
import { platformAnswerOfFault, platformErrors } from '../instances/platform-errors.ts';
import type { PlatformError } from '../instances/platform-errors.ts';
import type { PlatformInstance } from '../instances/platform-instance.ts';
import type { Random } from '../random.ts';
import type { Tenant } from '../tenant.ts';
import type { Resource } from '../world/resource.ts';
import type { Json, SageRecord } from '../world/sage-record.ts';
import { visibleVersion } from '../world/world.ts';
import { translateQuery } from './translate-query.ts';

export interface HubOptions extends ListOptions {
  readonly instances: Instances;
  readonly random: Random;
}

/** The platform's data: `/hubs/finance/customers`, or `/customers` with an element's token. */
const pathPattern = new RegExp(
  `^${platformPrefix}(?:/hubs/finance)?/(?<name>[a-z][a-z-]*)(?:/(?<id>[^/]+))?/?$`,
);

export function createHubEndpoint(options: HubOptions): Endpoint {
  const requestId = (): string => options.random.hex(24);
  return {
    name: 'hub',
    accepts: (path) => path.startsWith(`${platformPrefix}/`),
    identify: (request) => {
      const caller = callerOf(request, options.instances);
      return { tenant: caller === undefined ? undefined : caller.tenant?.name };
    },
    handle: (request, faults) => {
      const result = answerHub(request, faults, options);
      return typeof result === 'function' ? result(requestId()) : result;
    },
    answerOfFault: (fault) => platformAnswerOfFault(fault, requestId()),
  };
}

function answerHub(
  request: ReceivedRequest,
  faults: readonly Fault[],
  options: HubOptions,
): Answer | PlatformError {
  const header = headerOf(request, 'authorization') ?? '';
  if (partOf(header, 'User') !== options.instances.userSecret) return platformErrors.unauthorised();
  const organization = partOf(header, 'Organization');
  if (organization !== undefined && organization !== options.instances.organizationSecret)
    return platformErrors.unauthorised();
  const instance = callerOf(request, options.instances);
  if (instance?.tenant === undefined) return platformErrors.unknownToken();
  if (!instance.isEnabled) return platformErrors.forbidden();
  if (request.method !== 'GET') return platformErrors.notAllowed(request.method);
  const { name = '', id } = pathPattern.exec(request.path)?.groups ?? {};
  const resource = options.world.resourceKnownAs(name);
  if (resource === undefined) return platformErrors.missing(request.path);
  return id === undefined
    ? listHub({ request, faults, resource, name, tenant: instance.tenant }, options)
    : readHub(resource, id, instance.tenant, options);
}

function callerOf(request: ReceivedRequest, instances: Instances): PlatformInstance | undefined {
  const token = partOf(headerOf(request, 'authorization') ?? '', 'Element');
  return token === undefined ? undefined : instances.byToken(token);
}

function partOf(header: string, name: string): string | undefined {
  return new RegExp(`\\b${name} ([^,\\s]+)`).exec(header)?.[1];
}

interface HubList {
  readonly request: ReceivedRequest;
  readonly faults: readonly Fault[];
  readonly resource: Resource;
  readonly name: string;
  readonly tenant: Tenant;
}

function listHub(
  { request: { query }, faults, resource, name, tenant }: HubList,
  options: HubOptions,
): Answer | PlatformError {
  const place = placeOf(query);
  if (place === undefined) return platformErrors.badRequest('Invalid nextPage token');
  const translated = translateQuery(query, resource, name);
  if (!translated.ok) return platformErrors.badRequest(translated.message);
  const { parameters } = translated;
  parameters.set('page', String(place.page));
  parameters.set('items_per_page', String(place.pageSize));
  const list = { tenant: tenant.name, resource, parameters, faults, tellsDeletions: false };
  const selected = selectPage(list, options);
  if (selected.kind === 'refused') return platformErrors.badRequest('Bad request to the provider');
  const { page, query: listQuery } = selected;
  const isPastEnd = page.number < place.page && options.choices.hubPastTheEnd === 'empty';
  const items = isPastEnd ? [] : page.items;
  const hasMore = page.number < page.last && findFault(faults, 'omit-next') === undefined;
  const isByToken = options.choices.hubPaging === 'token';
  const token = isByToken && hasMore ? nextToken({ ...place, page: place.page + 1 }) : undefined;
  return jsonAnswer(
    200,
    items.map((record) => renderHubItem(record, listQuery.attributes, resource)),
    token === undefined ? {} : { 'elements-next-page-token': token },
  );
}

function readHub(
  resource: Resource,
  id: string,
  tenant: Tenant,
  { world, clock }: HubOptions,
): Answer | PlatformError {
  const history = world.find(tenant.name, resource.path, id);
  const shown = history === undefined ? undefined : visibleVersion(history, clock.nowMs());
  if (shown === undefined || shown.type === 'DELETED') return platformErrors.missing(id);
  return jsonAnswer(200, renderHubItem(shown.record, parseAttributes('all'), resource));
}

/** As Sage has it, with the hub's own name for the last change, and without what is null. */
function renderHubItem(record: SageRecord, attributes: Attributes, resource: Resource): Json {
  const item = renderItem(record, attributes, resource);
  const named = typeof item === 'object' && item !== null ? Object.entries(item) : [];
  const shown = named.filter(([, value]) => value !== null);
  const changed = shown.filter(([field]) => field === 'updated_at').map(([, value]) => value);
  return {
    ...Object.fromEntries(shown),
    ...(changed.length > 0 && { lastModifiedDate: changed[0] ?? null }),
  };
}

interface Place {
  readonly page: number;
  readonly pageSize: number;
}

/** Where a list goes on: by `nextPage`, or by `page`; undefined for a token that nobody gave. */
function placeOf(query: URLSearchParams): Place | undefined {
  const token = query.get('nextPage');
  if (token !== null) {
    const { page, size } =
      /^(?<page>\d+)\.(?<size>\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.groups ?? {};
    return page === undefined ? undefined : { page: Number(page), pageSize: Number(size) };
  }
  return { page: wholeOf(query.get('page')) ?? 1, pageSize: wholeOf(query.get('pageSize')) ?? 200 };
}

function nextToken({ page, pageSize }: Place): string {
  return Buffer.from(`${page}.${pageSize}`).toString('base64url');
}

function wholeOf(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}
