import { findRefusal, sageListQuery } from '../../../catalog/sage-list-query.ts';
import { sageRequestFor } from '../../../catalog/sage-request.ts';
import type { SageRequest } from '../../../catalog/sage-request.ts';
import type { ListRequest } from '../../../sage/sage-client.ts';
import { expandUrl } from '../../../template/expand-url.ts';
import type { PollPlan } from '../../poll-plan.ts';
import type { DeletionSight, PageRequest } from '../../ports/source.ts';

/** Why Sage cannot be asked for what the poll's URL says, or undefined. */
export function refusalOf({ url, updated }: PollPlan): string | undefined {
  const { expanded, faults } = expandUrl(url, expansionAt(0, 0, updated?.pattern));
  const [templateFault] = faults;
  if (templateFault !== undefined) return templateFault.message;
  return findRefusal(sageRequestFor(expanded).faults)?.message;
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
  const fields = [
    poll.updated?.field ?? '',
    poll.created?.field ?? '',
    isAlwaysThere(poll) ? '' : poll.idField,
  ];
  const { pageSize } = page;
  return { path: request.path, query: sageListQuery(request, { kind, sinceMs, fields, pageSize }) };
}

/** Sage shows a record's id whatever is asked for, and every other field only when it is. */
function isAlwaysThere({ idField }: PollPlan): boolean {
  return ['id', 'displayed_as', '$path'].includes(idField);
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
