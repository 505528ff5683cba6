import { didYouMean } from '../problem/did-you-mean.ts';
import type { Span } from '../template/template-part.ts';
import { parsePollUrl } from '../template/parse-poll-url.ts';
import type { PollUrl, QueryParameter } from '../template/poll-url.ts';
import type { WhereCondition, WhereNode } from '../template/parse-where.ts';
import { findResource, type SageResource } from './sage-resource.ts';
import { suggestResource } from './suggest-resource.ts';

/** The request to Sage's v3.1 API that answers what a poll URL asks of the hub. */
export interface SageRequest {
  readonly resource: SageResource;
  /** Below `/v3.1`. */
  readonly path: `/${string}`;
  /** Decoded, in order: what makes the resource, filters, attributes, sort. Without change filter and paging. */
  readonly query: ReadonlyMap<string, string>;
  /** The URL asks for changes only. Whether Sage can tell them is the resource's `changeFilter`. */
  readonly isFilteredByChange: boolean;
  /** Records a page, from 1 to 200; undefined where the URL does not say. */
  readonly pageSize: number | undefined;
}

/** Something in the URL that Sage has nothing for. Offsets are those of the URL. */
export interface SageRequestFault {
  readonly code:
    | 'not-a-hub-path'
    | 'unknown-resource'
    | 'no-change-filter'
    | 'unknown-filter'
    | 'unsupported-condition'
    | 'not-sortable'
    | 'paging';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What to write in place of the marked text, where there is a near miss. */
  readonly suggestion?: string;
}

export interface SageTranslation {
  /** Undefined without a resource; what has a fault is otherwise left out. */
  readonly request: SageRequest | undefined;
  readonly faults: readonly SageRequestFault[];
}

/** Names under which a URL asks for changes. The first is the hub's, the second Sage's own. */
const changeNames = ['lastModifiedDate', 'updated_or_created_since'];

/** Every list takes these. */
const generalFilters = ['attributes', 'nested_attributes', 'show_legacy_id'];

/**
 * Translates a poll URL, as written or with its templates filled in, to a request to Sage. What is wrong with the URL
 * itself is not repeated here: `parsePollUrl` reports it.
 */
export function sageRequestFor(url: string | PollUrl): SageTranslation {
  const parsed = typeof url === 'string' ? parsePollUrl(url) : url;
  const faults: SageRequestFault[] = [];
  const resource = resourceOf(parsed, faults);
  if (resource === undefined) return { request: undefined, faults };

  const query = new Map(Object.entries(resource.query));
  const state = { resource, query, faults };
  const changes = parsed.where?.root ? addConditions(parsed.where.root, state) : 0;
  for (const parameter of parsed.parameters) addParameter(parameter, state);
  faults.sort((left, right) => left.start - right.start);
  return {
    request: {
      resource,
      path: resource.endpoint,
      query,
      isFilteredByChange: changes > 0,
      pageSize: pageSizeOf(parsed.parameters),
    },
    faults,
  };
}

/** `request` with `fields` among its attributes, because a list answers only what is asked for. */
export function withAttributes(request: SageRequest, fields: readonly string[]): SageRequest {
  const given = (request.query.get('attributes') ?? '').split(',').map((field) => field.trim());
  if (given.includes('all')) return request;
  const attributes = [...new Set([...given, ...fields])].filter((field) => field !== '' && field !== 'id');
  if (attributes.length === 0) return request;
  return { ...request, query: new Map([...request.query, ['attributes', attributes.join(',')]]) };
}

interface Translation {
  readonly resource: SageResource;
  readonly query: Map<string, string>;
  readonly faults: SageRequestFault[];
}

/** The part of a hub path that names the resource, at its offsets; undefined for another path. */
export function resourceNameIn({ path }: PollUrl): Span | undefined {
  const [, prefix = '', name = ''] = /^(\s*\/?hubs\/finance\/)([^/\s]+)\/?\s*$/.exec(path.text) ?? [];
  if (name === '') return undefined;
  const start = path.start + prefix.length;
  return { text: name, start, end: start + name.length };
}

/** True for the names under which a URL asks for changes. */
export function isChangeName(name: string): boolean {
  return changeNames.includes(name);
}

/** True when Sage filters the resource's list by a query parameter of this name. */
export function takesFilter(resource: SageResource, name: string): boolean {
  return resource.filters.includes(name) || generalFilters.includes(name);
}

function resourceOf(url: PollUrl, faults: SageRequestFault[]): SageResource | undefined {
  const name = resourceNameIn(url);
  if (name === undefined) {
    const { text, start, end } = url.path;
    const message = `path "${text}" is none of Sage's in the hub: expected /hubs/finance/RESOURCE`;
    faults.push({ code: 'not-a-hub-path', message, start, end });
    return undefined;
  }
  const resource = findResource(name.text);
  if (resource === undefined)
    faults.push({ ...unknownResource(name.text), start: name.start, end: name.end });
  return resource;
}

function unknownResource(name: string): Omit<SageRequestFault, 'start' | 'end'> {
  const suggestion = suggestResource(name);
  const hint = suggestion === undefined ? 'Sage has none of this name' : `did you mean "${suggestion}"?`;
  const message = `unknown resource "${name}": ${hint}`;
  return { code: 'unknown-resource', message, ...(suggestion !== undefined && { suggestion }) };
}

/** Adds every condition that Sage can answer; the number of those that ask for changes. */
function addConditions(node: WhereNode, state: Translation): number {
  if (node.kind === 'condition') return addCondition(node, state);
  if (node.kind === 'or') {
    state.faults.push({
      code: 'unsupported-condition',
      message: 'Sage has no "or": expected conditions joined by "and"',
      start: node.start,
      end: node.end,
    });
    return 0;
  }
  return node.operands.reduce((sum, operand) => sum + addConditions(operand, state), 0);
}

function addCondition(condition: WhereCondition, state: Translation): number {
  const { name } = condition.name;
  if (isChangeName(name)) return addChangeCondition(condition, state);
  if (!takesFilter(state.resource, name)) {
    state.faults.push(unknownFilter(condition.name, state.resource));
    return 0;
  }
  const operator = condition.operator?.operator;
  const [value] = condition.values;
  if (operator !== '=' || condition.values.length !== 1 || value === undefined) {
    state.faults.push(unsupportedOperator(condition));
    return 0;
  }
  state.query.set(name, decode(value.value));
  return 0;
}

function unsupportedOperator({ name, operator, start, end }: WhereCondition): SageRequestFault {
  const found = operator === undefined ? 'no operator' : `"${operator.text}"`;
  const message = `Sage compares "${name.name}" by "=" only, found ${found}`;
  return { code: 'unsupported-condition', message, start, end };
}

function addChangeCondition(condition: WhereCondition, { resource, faults }: Translation): number {
  const { start, end, operator } = condition;
  if (operator?.operator === '<' || operator?.operator === '<=') {
    const message = 'Sage has no upper bound for changes: expected ">="';
    faults.push({ code: 'unsupported-condition', message, start, end });
    return 0;
  }
  if (resource.changeFilter === undefined) {
    const message = `Sage cannot filter "${resource.name}" by change: ${resource.alternative ?? 'read it whole'}`;
    faults.push({ code: 'no-change-filter', message, start, end });
  }
  return 1;
}

function unknownFilter(
  { name, start, end }: { readonly name: string; readonly start: number; readonly end: number },
  resource: SageResource,
): SageRequestFault {
  const known = [...resource.filters, ...generalFilters];
  const suggestion = suggestFilter(name, known);
  const hint = suggestion === undefined ? `it takes ${listed(known)}` : `did you mean "${suggestion}"?`;
  const message = `Sage's "${resource.name}" has no filter "${name}": ${hint}`;
  return { code: 'unknown-filter', message, start, end, ...(suggestion !== undefined && { suggestion }) };
}

/** A record's own times are no filters, yet everyone expects them to be. */
function suggestFilter(name: string, known: readonly string[]): string | undefined {
  if (/^(?:updated|modified|last_?(?:updated|modified))/i.test(name)) return changeNames[0];
  return didYouMean(name, [...known, ...changeNames]);
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function addParameter(parameter: QueryParameter, state: Translation): void {
  const { name, value, start, end } = parameter;
  const text = (value?.text ?? '').trim().replace(/^'(.*)'$/, '$1');
  if (name.text === 'where' || name.text === 'pageSize') return;
  if (name.text === 'page' || name.text === 'nextPage') {
    const message = `a poll reads every page: remove "${name.text}"`;
    state.faults.push({ code: 'paging', message, start, end });
  } else if (name.text === 'orderBy') addOrder(parameter, decode(text), state);
  else if (name.text === 'fields') state.query.set('attributes', decode(text));
  else if (takesFilter(state.resource, name.text)) state.query.set(name.text, decode(text));
  else state.faults.push(unknownFilter({ ...name, name: name.text }, state.resource));
}

function addOrder(
  { start, end }: QueryParameter,
  text: string,
  { resource, query, faults }: Translation,
): void {
  const [field = '', direction = 'asc'] = text.split(/\s+/);
  if (resource.sortable.includes(field)) {
    query.set('sort', `${field}:${direction.toLowerCase()}`);
    return;
  }
  const hint =
    resource.sortable.length === 0 ? 'its order is not defined' : `it can by ${listed(resource.sortable)}`;
  const message = `Sage cannot sort "${resource.name}" by "${field}": ${hint}`;
  faults.push({ code: 'not-sortable', message, start, end });
}

function pageSizeOf(parameters: readonly QueryParameter[]): number | undefined {
  const written = parameters.find(({ name }) => name.text === 'pageSize')?.value?.text;
  const size = Number(written);
  return Number.isInteger(size) && size > 0 ? Math.min(size, 200) : undefined;
}

/** A URL may hold values that are percent-encoded already; a lone percent sign is only a percent sign. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded; // bytes that are no UTF-8 stay as they were written
    }
  });
}
