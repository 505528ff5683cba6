import { withAttributes, type SageRequest, type SageRequestFault } from './sage-request.ts';

/** What a poll reads: a poll asks twice where Sage lets it, for changes and for deletions. */
export interface SageListing {
  readonly kind: 'changes' | 'deletions';
  /** Epoch milliseconds in whole seconds; records from then on are wanted, that second included. */
  readonly sinceMs: number;
  /** Date fields that the entry reads, as paths into a record. */
  readonly fields: readonly string[];
  /** Records a page; Sage gives no more than 200. */
  readonly pageSize: number;
}

/** Sage gives no more on a page. */
const mostPerPage = 200;

/** Name and value, not percent-encoded, of all that the first page of a list is asked with. */
export function sageListQuery(
  request: SageRequest,
  { kind, sinceMs, fields, pageSize }: SageListing,
): readonly (readonly [name: string, value: string])[] {
  const { resource } = request;
  // Lists show only what is asked for, so the dates that the poll decides by are asked for.
  const needed = [
    ...fields.map(rootOf),
    resource.deletedFlag ?? '',
    kind === 'deletions' ? (resource.deletedField ?? 'deleted_at') : '',
  ].filter((field) => field !== '');
  return [
    ...withAttributes(request, needed).query,
    ...sinceQuery(request, kind, sinceMs),
    ['items_per_page', String(Math.min(pageSize, request.pageSize ?? mostPerPage, mostPerPage))],
  ];
}

function rootOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? '';
}

function sinceQuery(
  { resource, isFilteredByChange }: SageRequest,
  kind: SageListing['kind'],
  sinceMs: number,
): readonly (readonly [string, string])[] {
  if (kind === 'deletions') {
    // The filter leaves out what was deleted in that very second.
    return resource.deletionFilter === undefined
      ? []
      : [[resource.deletionFilter, isoSeconds(sinceMs - 1000)]];
  }
  const isFiltered = isFilteredByChange && resource.changeFilter !== undefined;
  return isFiltered ? [[resource.changeFilter, isoSeconds(sinceMs)]] : [];
}

function isoSeconds(epochMs: number): string {
  return `${new Date(Math.max(epochMs, 0)).toISOString().slice(0, 19)}Z`;
}

/** Faults without which the request asks for what the URL means; any other one would read too much or too little. */
const harmlessFaults: ReadonlySet<SageRequestFault['code']> = new Set([
  'no-change-filter',
  'not-sortable',
  'paging',
]);

/** The first fault for which the request must not be made. */
export function findRefusal(faults: readonly SageRequestFault[]): SageRequestFault | undefined {
  return faults.find(({ code }) => !harmlessFaults.has(code));
}
