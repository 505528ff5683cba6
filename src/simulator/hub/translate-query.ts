import type { Resource } from '../world/resource.ts';
import type { Condition } from './parse-ceql.ts';
import { parseCeql } from './parse-ceql.ts';

export type Translated =
  | { readonly ok: true; readonly parameters: URLSearchParams }
  | { readonly ok: false; readonly message: string };

/** Names under which a condition asks for changes: the hub's, and Sage's own. */
const changeNames = new Set(['lastModifiedDate', 'updated_or_created_since']);

/** What the element asks Sage: the where clause as query parameters, whose values are passed on as they are. */
export function translateQuery(query: URLSearchParams, resource: Resource, name: string): Translated {
  const parameters = new URLSearchParams(resource.partQueries?.[name] ?? {});
  const where = parseCeql(query.get('where') ?? '');
  if (!where.ok) return where;
  for (const condition of where.conditions) {
    const message = addCondition(condition, parameters);
    if (message !== undefined) return { ok: false, message };
  }
  const fields = query.get('fields');
  if (fields !== null) parameters.set('attributes', fields);
  const [attribute, direction = 'asc'] = (query.get('orderBy') ?? '').trim().split(/\s+/);
  if (attribute !== undefined && attribute !== '')
    parameters.set('sort', `${attribute}:${direction.toLowerCase()}`);
  for (const [key, value] of query) if (!ownNames.has(key)) parameters.set(key, value);
  return { ok: true, parameters };
}

/** What the hub takes itself. */
const ownNames = new Set(['where', 'fields', 'orderBy', 'page', 'pageSize', 'nextPage']);

function addCondition(
  { name, operator, values: [value = '', ...more] }: Condition,
  parameters: URLSearchParams,
): string | undefined {
  if (changeNames.has(name)) {
    if (operator === '<' || operator === '<=' || operator === '!=')
      return `Unsupported operator "${operator}" for "${name}"`;
    parameters.set('updated_or_created_since', value);
    return undefined;
  }
  if (operator !== '=' || more.length > 0) return `Unsupported operator "${operator}" for "${name}"`;
  parameters.set(name, value);
  return undefined;
}
