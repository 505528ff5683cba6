import type { Choices } from '../assumptions.ts';
import type { Clock } from '../clock.ts';
import type { Fault } from '../faults/fault.ts';
import { findFault } from '../faults/fault-script.ts';
import type { Answer } from '../http/answer.ts';
import { jsonAnswer } from '../http/answer.ts';
import type { Random } from '../random.ts';
import type { Resource } from '../world/resource.ts';
import { textOf } from '../world/sage-record.ts';
import type { TruthEntry } from '../world/truth-entry.ts';
import type { World } from '../world/world.ts';
import { visibleVersion } from '../world/world.ts';
import type { ListQuery } from './list-query.ts';
import { parseListQuery } from './list-query.ts';
import type { ReadJournal } from './read-journal.ts';
import type { Page } from './render-page.ts';
import { renderPage } from './render-page.ts';

export interface ListOptions {
  readonly clock: Clock;
  readonly world: World;
  readonly choices: Choices;
  readonly journal: ReadJournal;
  /** For faults that need chance. */
  readonly random: Random;
}

export interface ListRequest {
  readonly tenant: string;
  readonly resource: Resource;
  readonly parameters: URLSearchParams;
  readonly faults: readonly Fault[];
  /** False at a door that has no list of deletions. */
  readonly tellsDeletions?: boolean;
}

/** Sage's answer to a list. */
export function listResource(request: ListRequest, options: ListOptions): Answer {
  const selected = selectPage(request, options);
  if (selected.kind === 'refused') return selected.answer;
  const body = renderPage(request.resource, selected.query, selected.page);
  return jsonAnswer(200, findFault(request.faults, 'omit-next') ? { ...body, $next: null } : body);
}

export type SelectedPage =
  | { readonly kind: 'page'; readonly page: Page; readonly query: ListQuery }
  | { readonly kind: 'refused'; readonly answer: Answer };

/** The records of one page, as Sage has them; whoever asked for them shows them in its own way. */
export function selectPage(
  { tenant, resource, parameters, faults, tellsDeletions = true }: ListRequest,
  { clock, world, choices, journal, random }: ListOptions,
): SelectedPage {
  const parsed = parseListQuery(parameters, resource, choices);
  if (!parsed.ok) return { kind: 'refused', answer: parsed.answer };
  const { query } = parsed;
  const matching = selectVersions(world, tenant, resource, query, clock.nowMs());
  const ordered = findFault(faults, 'shuffle')
    ? shuffle(matching, random)
    : orderVersions(matching, query, choices);
  const { page, entries } = cutPage(ordered, query, faults);

  const feed = query.deletedSinceMs === undefined ? 'changes' : 'deletions';
  const { names: parts, whole } = resource;
  const names = [...parts, ...(whole === undefined ? [] : [whole])].filter((name) =>
    resource.covers(name, parameters),
  );
  journal.noteRead({ tenant, names, feed, served: entries, tellsDeletions });
  changeBetweenPages(world, tenant, resource, { page, entries }, faults);
  return { kind: 'page', page, query };
}

function selectVersions(
  world: World,
  tenant: string,
  resource: Resource,
  { updatedSinceMs, deletedSinceMs, keeps }: ListQuery,
  nowMs: number,
): TruthEntry[] {
  const selected: TruthEntry[] = [];
  for (const history of world.histories(tenant, resource.path)) {
    const version = visibleVersion(history, nowMs);
    if (version === undefined || !keeps(version.record)) continue;
    if (updatedSinceMs !== undefined && Date.parse(version.record.updated_at) < updatedSinceMs) continue;
    if (isInList(version, deletedSinceMs)) selected.push(version);
  }
  return selected;
}

function isInList({ type, seenIn, record }: TruthEntry, deletedSinceMs: number | undefined): boolean {
  if (deletedSinceMs === undefined) return type !== 'DELETED' || seenIn === 'changes';
  return seenIn === 'deletions' && Date.parse(textOf(record['deleted_at'])) > deletedSinceMs;
}

function orderVersions(
  entries: readonly TruthEntry[],
  { sort }: ListQuery,
  { defaultOrder }: Choices,
): readonly TruthEntry[] {
  if (sort === undefined && defaultOrder === 'created') return entries;
  const attribute = sort?.attribute ?? 'updated_at';
  const sign = sort?.direction === 'desc' ? -1 : 1;
  const keyOf = ({ record }: TruthEntry): string => textOf(record[attribute]);
  // Dates and times of one format order as text; the sort is stable, so ties stay in the order of creation.
  return entries.toSorted((left, right) => sign * compareText(keyOf(left), keyOf(right)));
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function shuffle(entries: readonly TruthEntry[], random: Random): readonly TruthEntry[] {
  return entries
    .map((entry) => ({ entry, key: random.next() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ entry }) => entry);
}

function cutPage(
  ordered: readonly TruthEntry[],
  { page, itemsPerPage }: ListQuery,
  faults: readonly Fault[],
): { readonly page: Page; readonly entries: readonly TruthEntry[] } {
  const last = Math.max(1, Math.ceil(ordered.length / itemsPerPage));
  const number = Math.min(page, last);
  const shown = findFault(faults, 'repeat-page') ? 1 : number;
  const entries = ordered.slice((shown - 1) * itemsPerPage, shown * itemsPerPage);
  const total = Math.max(0, ordered.length + (findFault(faults, 'wrong-total')?.by ?? 0));
  return { page: { number, last, total, items: entries.map(({ record }) => record) }, entries };
}

function changeBetweenPages(
  world: World,
  tenant: string,
  resource: Resource,
  { page: { number, last }, entries }: { readonly page: Page; readonly entries: readonly TruthEntry[] },
  faults: readonly Fault[],
): void {
  const fault = findFault(faults, 'change-between-pages');
  const [first] = entries;
  const [name] = resource.names;
  if (fault === undefined || number === last || first === undefined || name === undefined) return;
  // What is deleted can change no more, and Sage's own values never do.
  if (first.type === 'DELETED' || resource.fixedIds !== undefined) return;
  if (fault.change === 'CREATED') world.create(tenant, name);
  if (fault.change === 'UPDATED') world.edit(tenant, first.id, { visibly: true });
  if (fault.change === 'DELETED' && resource.removal !== 'never') world.remove(tenant, first.id);
}
