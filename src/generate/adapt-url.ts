import { dateAttributes } from '../catalog/recommended-entry.ts';
import { isChangeName, resourceNameIn, takesFilter } from '../catalog/sage-request.ts';
import { findResource, type SageResource } from '../catalog/sage-resource.ts';
import { parsePollUrl } from '../template/parse-poll-url.ts';
import type { PollUrl, QueryParameter } from '../template/poll-url.ts';
import type { WhereNode } from '../template/parse-where.ts';

/** Replaces the characters `start` to `end` of a string value. */
export interface ValueEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface AdaptedUrl {
  /** In order, not overlapping. */
  readonly edits: readonly ValueEdit[];
  /** What was left out, and why, as phrases. */
  readonly notes: readonly string[];
  /** What the URL reads as it is; undefined for a path that Sage has no resource for. */
  readonly source: SageResource | undefined;
}

/** Filters whose values mean something else in the next resource, though the name is the same. */
const unsharedFilters = new Set(['transaction_type_id']);

/** A thousand tenants have the same few URLs. */
const adaptedBefore = new Map<string, AdaptedUrl | undefined>();
const mostRemembered = 2000;

/**
 * Turns the poll URL of one resource into that of another: the hub path, the attributes and what Sage cannot filter or
 * sort by there. Everything else (the template, further conditions, the page size) is the author's choice and stays.
 * Undefined where the path is none of a resource in the hub.
 */
export function adaptUrl(url: string, target: SageResource): AdaptedUrl | undefined {
  const key = `${target.name}\0${url}`;
  if (adaptedBefore.has(key)) return adaptedBefore.get(key);
  if (adaptedBefore.size >= mostRemembered) adaptedBefore.clear();
  const adapted = adaptAnew(url, target);
  adaptedBefore.set(key, adapted);
  return adapted;
}

function adaptAnew(url: string, target: SageResource): AdaptedUrl | undefined {
  const parsed = parsePollUrl(url);
  const name = resourceNameIn(parsed);
  if (name === undefined) return undefined;
  const source = findResource(name.text);
  if (source === target) return { edits: [], notes: [], source };
  const adaptation: Adaptation = { parsed, source, target, edits: [], notes: [] };
  adaptation.edits.push({ start: name.start, end: name.end, text: target.name });
  adaptAttributes(adaptation);
  removeUnfit(adaptation);
  adaptation.edits.sort((left, right) => left.start - right.start);
  return { edits: adaptation.edits, notes: adaptation.notes, source };
}

/** The value with its edits applied. */
export function applyValueEdits(value: string, edits: readonly ValueEdit[]): string {
  return edits.reduceRight(
    (text, { start, end, text: replacement }) => text.slice(0, start) + replacement + text.slice(end),
    value,
  );
}

interface Adaptation {
  readonly parsed: PollUrl;
  /** Undefined for a path that Sage has no resource for. */
  readonly source: SageResource | undefined;
  readonly target: SageResource;
  readonly edits: ValueEdit[];
  readonly notes: string[];
}

/** Attributes are fields of a record: only those that every record has can be carried over. */
function adaptAttributes({ parsed, target, edits, notes }: Adaptation): void {
  const needed = dateAttributes(target);
  const shared = new Set<string>([
    ...needed,
    ...(target.deletedField ? [target.deletedField] : []),
    'id',
    'displayed_as',
  ]);
  for (const { text, start, end } of attributeLists(parsed)) {
    const wanted = text.split(/,|%2C/i).map((attribute) => attribute.trim());
    const dropped = wanted.filter((attribute) => !shared.has(attribute) && attribute !== 'all');
    const kept = wanted.filter((attribute) => shared.has(attribute));
    const missing = needed.filter((attribute) => !kept.includes(attribute));
    if (wanted.includes('all') || dropped.length + missing.length === 0) continue;
    if (dropped.length > 0)
      notes.push(`attributes ${listed(dropped)} left out: they are fields of another record`);
    edits.push({ start, end, text: [...kept, ...missing].join(',') });
  }
}

interface Written {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Attributes stand in the clause as a condition, or in the query as a parameter of their own. */
function attributeLists({ where, parameters }: PollUrl): readonly Written[] {
  const inClause = (where?.conditions ?? [])
    .filter(({ name }) => name.name === 'attributes')
    .flatMap(({ values }) => values)
    .map(insideQuotes);
  const inQuery = parameters
    .filter(({ name }) => name.text === 'attributes' || name.text === 'fields')
    .flatMap(({ value }) => value ?? []);
  return [...inClause, ...inQuery];
}

function insideQuotes({ text, start, end }: Written): Written {
  const [, open = '', inner = text, close = ''] = /^('|%27)?(.*?)('|%27)?$/is.exec(text) ?? [];
  return { text: inner, start: start + open.length, end: end - close.length };
}

/** Removes conditions and parameters that the target has nothing for. */
function removeUnfit(adaptation: Adaptation): void {
  const { parsed, edits, notes } = adaptation;
  const root = parsed.where?.root;
  // Alternatives and what is in parentheses cannot be taken apart without changing what they say.
  const conditions: readonly WhereNode[] =
    root === undefined ? [] : root.kind === 'and' ? root.operands : [root];
  const unfitConditions = conditions.map((condition) =>
    condition.kind === 'condition' ? whyUnfit(condition.name.name, adaptation) : undefined,
  );
  const isClauseUnfit = conditions.length > 0 && !unfitConditions.includes(undefined);
  const unfitParameters = parsed.parameters.map((parameter) => {
    if (parameter.name.text === 'where') return isClauseUnfit ? '' : undefined;
    return parameter.name.text === 'orderBy'
      ? whyUnsortable(parameter, adaptation)
      : whyUnfit(parameter.name.text, adaptation);
  });
  if (!isClauseUnfit) edits.push(...removals(conditions, unfitConditions));
  edits.push(...removals(parsed.parameters, unfitParameters));
  notes.push(...[...unfitConditions, ...unfitParameters].flatMap((note) => note || []));
}

/** What the source can be filtered by and the target cannot; what neither knows is the author's affair. */
function whyUnfit(name: string, { source, target }: Adaptation): string | undefined {
  if (isChangeName(name) || source === undefined || !takesFilter(source, name)) return undefined;
  if (!takesFilter(target, name))
    return `filter "${name}" left out: Sage's "${target.name}" does not have it`;
  return unsharedFilters.has(name)
    ? `filter "${name}" left out: its values differ in "${target.name}"`
    : undefined;
}

function whyUnsortable({ value }: QueryParameter, { target }: Adaptation): string | undefined {
  const [field = ''] = (value?.text ?? '').trim().split(/\s|%20|\+/);
  return target.sortable.includes(field)
    ? undefined
    : `orderBy left out: Sage cannot sort "${target.name}" by "${field}"`;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Takes items out of a row, each with what joins it to its neighbour; with all of them goes what stands before the first. */
function removals(items: readonly Place[], reasons: readonly (string | undefined)[]): ValueEdit[] {
  const firstKept = reasons.indexOf(undefined);
  const [first] = items;
  if (first !== undefined && firstKept === -1)
    return [{ start: first.start - 1, end: items.at(-1)?.end ?? first.end, text: '' }];
  return items.flatMap((item, index) => {
    if (reasons[index] === undefined) return [];
    return index < firstKept
      ? [{ start: item.start, end: items[index + 1]?.start ?? item.end, text: '' }]
      : [{ start: items[index - 1]?.end ?? item.start, end: item.end, text: '' }];
  });
}

function listed(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}
