import type { Choices } from '../assumptions.ts';
import type { Answer } from '../http/answer.ts';
import type { Resource } from '../world/resource.ts';
import { hasDeletionFilter } from '../world/resource.ts';
import type { SageRecord } from '../world/sage-record.ts';
import { sageErrors } from './sage-errors.ts';

export interface ListQuery {
  readonly page: number;
  readonly itemsPerPage: number;
  readonly attributes: Attributes;
  /** Epoch milliseconds, inclusive. */
  readonly updatedSinceMs: number | undefined;
  /** Epoch milliseconds, exclusive. */
  readonly deletedSinceMs: number | undefined;
  readonly sort: { readonly attribute: string; readonly direction: 'asc' | 'desc' } | undefined;
  readonly keeps: (record: SageRecord) => boolean;
  /** Every parameter but the page's, in the order given: what `$next` repeats. */
  readonly rest: readonly (readonly [string, string])[];
}

/** The attributes beyond `id`, `displayed_as` and `$path`. */
export type Attributes = 'all' | ReadonlySet<string>;

export type ParsedListQuery =
  | { readonly ok: true; readonly query: ListQuery }
  | { readonly ok: false; readonly answer: Answer };

const alwaysKnown = ['page', 'items_per_page', 'attributes', 'sort', 'show_legacy_id'];

export function parseListQuery(
  parameters: URLSearchParams,
  resource: Resource,
  choices: Choices,
): ParsedListQuery {
  const unknown = [...parameters.keys()].find((name) => !isKnown(name, resource));
  if (unknown !== undefined && choices.unknownParameter === 'reject') {
    return { ok: false, answer: sageErrors.unknownParameter(unknown) };
  }
  const sort = parseSort(parameters.get('sort'), resource);
  if (sort === 'not-listed' && choices.sortWhereNotListed === 'reject') {
    return { ok: false, answer: sageErrors.invalidParameter('sort', parameters.get('sort') ?? '') };
  }
  const updatedSinceMs = resource.hasChangeFilter
    ? parseSince(parameters.get('updated_or_created_since'))
    : undefined;
  const deletedSinceMs = hasDeletionFilter(resource)
    ? parseSince(parameters.get('deleted_since'))
    : undefined;
  for (const [name, value] of Object.entries({
    updated_or_created_since: updatedSinceMs,
    deleted_since: deletedSinceMs,
  })) {
    if (Number.isNaN(value)) {
      return { ok: false, answer: sageErrors.invalidParameter(name, parameters.get(name) ?? '') };
    }
  }
  const query: ListQuery = {
    page: positive(parameters.get('page'), 1),
    itemsPerPage: Math.min(200, positive(parameters.get('items_per_page'), 20)),
    attributes: parseAttributes(parameters.get('attributes')),
    updatedSinceMs,
    deletedSinceMs,
    sort: sort === 'not-listed' ? undefined : sort,
    keeps: filterOf(parameters, resource),
    rest: [...parameters].filter(([name]) => name !== 'page' && name !== 'items_per_page'),
  };
  return { ok: true, query };
}

/** `all`, a comma list, or nothing. */
export function parseAttributes(text: string | null): Attributes {
  if (text === 'all') return 'all';
  return new Set((text ?? '').split(',').map((name) => name.trim()));
}

function isKnown(name: string, resource: Resource): boolean {
  if (name === 'updated_or_created_since') return resource.hasChangeFilter;
  if (name === 'deleted_since') return hasDeletionFilter(resource);
  const { filters, inertParameters } = resource;
  return alwaysKnown.includes(name) || Object.hasOwn(filters, name) || inertParameters.includes(name);
}

function parseSort(text: string | null, { sort }: Resource): ListQuery['sort'] | 'not-listed' {
  if (text === null) return undefined;
  const [attribute = '', direction = 'asc'] = text.split(':');
  if (!sort.includes(attribute) || (direction !== 'asc' && direction !== 'desc')) return 'not-listed';
  return { attribute, direction };
}

const datePattern = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?<offset>Z|[+-]\d\d:\d\d)?)?$/;

/** Undefined when absent, NaN when it is no date. A date alone is its first instant, UTC. */
function parseSince(text: string | null): number | undefined {
  if (text === null) return undefined;
  const match = datePattern.exec(text);
  if (match === null) return Number.NaN;
  const isLocal = text.includes('T') && match.groups?.['offset'] === undefined;
  return Date.parse(isLocal ? `${text}Z` : text);
}

function filterOf(parameters: URLSearchParams, { filters }: Resource): (record: SageRecord) => boolean {
  const given = [...parameters].flatMap(([name, value]) => {
    const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
    return filter === undefined ? [] : [(record: SageRecord) => filter(record, value)];
  });
  return (record) => given.every((keeps) => keeps(record));
}

function positive(text: string | null, fallback: number): number {
  const value = text !== null && /^\d+$/.test(text) ? Number(text) : 0;
  return value === 0 ? fallback : value;
}
