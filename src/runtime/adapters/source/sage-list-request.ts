import { sageRequestFor, withAttributes } from '../../../catalog/sage-request.ts';
import type { SageRequest, SageRequestFault } from '../../../catalog/sage-request.ts';
import type { ListRequest } from '../../../sage/sage-client.ts';
import { expandUrl } from '../../../template/expand-url.ts';
import type { PollPlan } from '../../poll-plan.ts';
import type { DeletionSight, PageRequest } from '../../ports/source.ts';

/** Sage gives no more on a page. */
const mostPerPage = 200;

/** Faults without which the request asks for what the URL means; any other one would read too much or too little. */
const harmlessFaults: ReadonlySet<SageRequestFault['code']> = new Set([
  'no-change-filter',
  'not-sortable',
  'paging',
]);

/** Why Sage cannot be asked for what the poll's URL says, or undefined. */
export function refusalOf({ url, updated }: PollPlan): string | undefined {
  const { expanded, faults } = expandUrl(url, expansionAt(0, 0, updated?.pattern));
  const [templateFault] = faults;
  if (templateFault !== undefined) return templateFault.message;
  return sageRequestFor(expanded).faults.find(({ code }) => !harmlessFaults.has(code))?.message;
}

export function deletionSightOf(poll: PollPlan): DeletionSight {
  const resource = requestOf(poll, { sinceMs: 0, nowMs: 0 })?.resource;
  if (resource?.deletionFilter !== undefined)
    return { kind: 'scan', dateField: resource.deletedField ?? 'deleted_at' };
  if (resource?.deletedFlag !== undefined) return { kind: 'flag', field: resource.deletedFlag };
  const why = resource?.blindSpots.find(({ to }) => to === 'deletions')?.why ?? 'Sage has no filter for them';
  return { kind: 'blind', why };
}

/** The first page of a scan; undefined for a poll that was refused. */
export function listRequestFor(page: PageRequest, nowMs: number): ListRequest | undefined {
  const { poll, kind, sinceMs } = page;
  const request = requestOf(poll, { sinceMs, nowMs });
  if (request === undefined) return undefined;
  const { path, query } = withAttributes(request, neededFields(poll, request, kind));
  return {
    path,
    query: [
      ...query,
      ...sinceQuery(request, page),
      ['items_per_page', String(Math.min(page.pageSize, request.pageSize ?? mostPerPage, mostPerPage))],
    ],
  };
}

function requestOf(
  { url, updated }: PollPlan,
  { sinceMs, nowMs }: { readonly sinceMs: number; readonly nowMs: number },
): SageRequest | undefined {
  const { expanded } = expandUrl(url, expansionAt(sinceMs, nowMs, updated?.pattern));
  return sageRequestFor(expanded).request;
}

function expansionAt(sinceMs: number, nowMs: number, updatedDateFormat: string | undefined) {
  return { sinceMs, nowMs, ...(updatedDateFormat === undefined ? {} : { updatedDateFormat }) };
}

/** Lists show only what is asked for, so the dates that the poll decides by are asked for. */
function neededFields(
  poll: PollPlan,
  { resource }: SageRequest,
  kind: PageRequest['kind'],
): readonly string[] {
  const fields = [poll.updated?.field, poll.created?.field, resource.deletedFlag].map((field) =>
    rootOf(field ?? ''),
  );
  const deletion = kind === 'deletions' ? (resource.deletedField ?? 'deleted_at') : '';
  return [...fields, deletion].filter((field) => field !== '');
}

function rootOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? '';
}

function sinceQuery({ resource, isFilteredByChange }: SageRequest, page: PageRequest): [string, string][] {
  if (page.kind === 'deletions') {
    // The filter leaves out what was deleted in that very second.
    return resource.deletionFilter === undefined
      ? []
      : [[resource.deletionFilter, isoSeconds(page.sinceMs - 1000)]];
  }
  const isFiltered = isFilteredByChange && resource.changeFilter !== undefined;
  return isFiltered ? [[resource.changeFilter, isoSeconds(page.sinceMs)]] : [];
}

function isoSeconds(epochMs: number): string {
  return `${new Date(Math.max(epochMs, 0)).toISOString().slice(0, 19)}Z`;
}
