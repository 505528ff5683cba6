import type { HttpResponse } from './http.ts';
import { serverTimeOf } from './sage-failure.ts';

/** One page of a list. */
export interface ListPage {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  /** Rows that the whole list has now; undefined where the answer does not say. */
  readonly total: number | undefined;
  readonly number: number | undefined;
  /** The link to the next page as Sage wrote it. */
  readonly next: string | undefined;
  /** Sage's clock when it answered, epoch milliseconds in whole seconds; undefined without a `Date` header. */
  readonly serverTimeMs: number | undefined;
}

/** Reads the list envelope; undefined when the body is not one. */
export function readListPage(response: HttpResponse): ListPage | undefined {
  let body: unknown;
  try {
    body = JSON.parse(response.text);
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null || !('$items' in body)) return undefined;
  const items: unknown = body.$items;
  if (!Array.isArray(items) || !items.every(isRecord)) return undefined;
  return {
    items,
    total: countOf('$total' in body ? body.$total : undefined),
    number: countOf('$page' in body ? body.$page : undefined),
    next: '$next' in body && typeof body.$next === 'string' && body.$next !== '' ? body.$next : undefined,
    serverTimeMs: serverTimeOf(response),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}
