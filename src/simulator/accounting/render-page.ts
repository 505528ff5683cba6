import type { Json, SageRecord } from '../world/sage-record.ts';
import type { Attributes, ListQuery } from './list-query.ts';

export interface Page {
  readonly number: number;
  readonly last: number;
  readonly items: readonly SageRecord[];
  readonly total: number;
}

/** The envelope, as observed: relative links without the version, page first, then the page size, then the rest. */
export function renderPage(path: string, query: ListQuery, page: Page): Readonly<Record<string, Json>> {
  const link = (number: number): string | null =>
    number < 1 || number > page.last ? null : linkTo(path, query, number);
  return {
    $total: page.total,
    $page: page.number,
    $next: link(page.number + 1),
    $back: link(page.number - 1),
    $itemsPerPage: query.itemsPerPage,
    $items: page.items.map((record) => renderItem(record, query.attributes)),
  };
}

export function renderItem(record: SageRecord, attributes: Attributes): Json {
  if (attributes === 'all') return record;
  const { id, displayed_as, $path } = record;
  const asked = Object.entries(record).filter(([name]) => attributes.has(name));
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
