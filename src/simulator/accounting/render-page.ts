import type { Resource } from '../world/resource.ts';
import type { Json, SageRecord } from '../world/sage-record.ts';
import type { Attributes, ListQuery } from './list-query.ts';

export interface Page {
  readonly number: number;
  readonly last: number;
  readonly items: readonly SageRecord[];
  readonly total: number;
}

/** The envelope, as observed: relative links without the version, page first, then the page size, then the rest. */
export function renderPage(resource: Resource, query: ListQuery, page: Page): Readonly<Record<string, Json>> {
  const link = (number: number): string | null =>
    number < 1 || number > page.last ? null : linkTo(resource.path, query, number);
  return {
    $total: page.total,
    $page: page.number,
    $next: link(page.number + 1),
    $back: link(page.number - 1),
    $itemsPerPage: query.itemsPerPage,
    $items: page.items.map((record) => renderItem(record, query.attributes, resource)),
  };
}

export function renderItem(
  record: SageRecord,
  attributes: Attributes,
  { hides = [] }: Pick<Resource, 'hides'>,
): Json {
  if (attributes === 'all' && hides.length === 0) return record;
  const { id, displayed_as, $path } = record;
  const asked = Object.entries(record).filter(
    ([name]) => (attributes === 'all' || attributes.has(name)) && !hides.some((hidden) => hidden === name),
  );
  return { id, displayed_as, $path, ...Object.fromEntries(asked) };
}

function linkTo(path: string, { itemsPerPage, rest }: ListQuery, number: number): string {
  const parameters = [['page', number] as const, ['items_per_page', itemsPerPage] as const, ...rest];
  return `/${path}?${parameters.map(([name, value]) => `${name}=${readable(String(value))}`).join('&')}`;
}

/** Sage leaves commas and colons as they are; only what would break the link is encoded. */
function readable(value: string): string {
  return value.replaceAll(/[%&+#\s]/g, (character) => encodeURIComponent(character));
}
