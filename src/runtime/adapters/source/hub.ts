import { createHash } from 'node:crypto';
import { sageRequestFor } from '../../../catalog/sage-request.ts';
import type { Clock } from '../../../sage/clock.ts';
import type { HttpClient } from '../../../sage/http.ts';
import { createHubClient } from '../../../sage/hub-client.ts';
import type { HubPage, HubSecrets } from '../../../sage/hub-client.ts';
import type { RequestBudget } from '../../../sage/request-budget.ts';
import { expandUrl } from '../../../template/expand-url.ts';
import type { InstancePlan, PollPlan } from '../../poll-plan.ts';
import type { DeletionSight, PageRequest, PageResult, Source } from '../../ports/source.ts';
import { toSourceFailure } from './failure.ts';

export interface HubSourceOptions {
  /** With the version: `https://api.cloud-elements.com/elements/api-v2`. */
  readonly baseUrl: string;
  readonly secrets: HubSecrets;
  readonly http: HttpClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
}

/**
 * One instance's data as the platform gives it: the URL of the entry as it is written. The platform tells neither totals
 * nor deletions, and where it names no next page, the end is a page that is empty, or the same as the one before.
 */
export function openHubSource({ id }: Pick<InstancePlan, 'id'>, options: HubSourceOptions): Source {
  const client = createHubClient({ ...options, budgetKey: id, send: options.http.send });
  return {
    refusal: refusalOf,
    deletionSight: deletionSightOf,
    readPage: async (page, signal) => {
      const place = readCursor(page.cursor);
      const result = await client.list(pathFor(page, place, options.clock.now()), signal);
      if (result.kind === 'page') return toPage(result.page, page, place);
      return result.kind === 'aborted'
        ? result
        : { kind: 'failed', failure: toSourceFailure(result.failure) };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function refusalOf({ url, updated }: PollPlan): string | undefined {
  const { faults } = expandUrl(url, { sinceMs: 0, nowMs: 0, updatedDateFormat: updated?.pattern });
  return faults[0]?.message;
}

/** Sage's own flag shows in the hub too, where the URL asks for it. */
function deletionSightOf({ url }: PollPlan): DeletionSight {
  const { request } = sageRequestFor(url);
  const flag = request?.resource.deletedFlag;
  const attributes = (request?.query.get('attributes') ?? '').split(',').map((name) => name.trim());
  return flag !== undefined && (attributes.includes(flag) || attributes.includes('all'))
    ? { kind: 'flag', field: flag }
    : { kind: 'blind', why: 'the platform has no list of what was deleted' };
}

/** Where a scan goes on. */
type Place =
  | { readonly kind: 'token'; readonly token: string }
  /** `mark` identifies the page before: a platform may answer its last page again past the end. */
  | { readonly kind: 'page'; readonly page: number; readonly mark: string }
  /** Nothing tells that a deletion moved a row to a page already read, so all pages but the last are read twice. */
  | { readonly kind: 'again'; readonly page: number; readonly last: number };

const firstPlace: Place = { kind: 'page', page: 1, mark: '' };

function readCursor(cursor: string | undefined): Place {
  if (cursor === undefined) return firstPlace;
  const [kind, first = '', second = ''] = cursor.split(' ');
  if (kind === 'token') return { kind, token: cursor.slice('token '.length) };
  if (kind === 'again') return { kind, page: Number(first), last: Number(second) };
  return { kind: 'page', page: Number(first), mark: second };
}

function writeCursor(place: Place): string {
  if (place.kind === 'token') return `token ${place.token}`;
  if (place.kind === 'again') return `again ${place.page} ${place.last}`;
  return `page ${place.page} ${place.mark}`;
}

/** What is written of paging gives way to the poll's own. */
const pagingNames = /^(?:page|pageSize|nextPage)=/;

function pathFor({ poll, sinceMs, pageSize }: PageRequest, place: Place, nowMs: number): string {
  // A second more: whether the URL leaves out the moment that it names is its author's choice.
  const expansion = { sinceMs: sinceMs - 1000, nowMs, updatedDateFormat: poll.updated?.pattern };
  const { encoded } = expandUrl(poll.url, expansion);
  const [path = '', query = ''] = splitOnce(encoded.trim(), '?');
  const given = query.split('&').filter((parameter) => parameter !== '');
  const written = given.find((parameter) => parameter.startsWith('pageSize='))?.slice('pageSize='.length);
  const size = Math.min(pageSize, Number(written) > 0 ? Number(written) : pageSize);
  const paging =
    place.kind === 'token'
      ? [`pageSize=${size}`, `nextPage=${encodeURIComponent(place.token)}`]
      : [`page=${place.page}`, `pageSize=${size}`];
  return `${path}?${[...given.filter((parameter) => !pagingNames.test(parameter)), ...paging].join('&')}`;
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function toPage(
  { items, nextToken, serverTimeMs }: HubPage,
  { cursor }: PageRequest,
  place: Place,
): PageResult {
  const mark = createHash('sha256').update(JSON.stringify(items)).digest('base64url').slice(0, 16);
  const isRepeated = cursor !== undefined && place.kind === 'page' && place.mark === mark;
  const isOver = isRepeated || items.length === 0;
  const next = nextPlace({ nextToken, isOver, mark }, place);
  return {
    kind: 'page',
    page: {
      records: isRepeated ? [] : items,
      total: undefined,
      next: next === undefined ? undefined : writeCursor(next),
      serverTimeMs,
    },
  };
}

function nextPlace(
  {
    nextToken,
    isOver,
    mark,
  }: { readonly nextToken: string | undefined; readonly isOver: boolean; readonly mark: string },
  place: Place,
): Place | undefined {
  if (place.kind === 'again') return place.page < place.last ? { ...place, page: place.page + 1 } : undefined;
  if (nextToken !== undefined) return { kind: 'token', token: nextToken };
  // The platform has named pages so far, and now it names none.
  if (place.kind === 'token') return undefined;
  if (!isOver) return { kind: 'page', page: place.page + 1, mark };
  const last = place.page - 2;
  return last < 1 ? undefined : { kind: 'again', page: 1, last };
}
