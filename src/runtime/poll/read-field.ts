import type { SourceRecord } from '../ports/source.ts';

/** Steps of a field path: `meta.updated`, `['Modified Time']`, `items[0].id`. */
const step = /\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\]|([^.[\]]+)/g;

/** The value at a path of a record; undefined where the path leads nowhere. A key that is spelled like the whole path wins. */
export function readField(record: SourceRecord, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  let value: unknown = record;
  for (const [, single, double, index, name] of path.matchAll(step)) {
    const key = single ?? double ?? index ?? name ?? '';
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value === record ? undefined : value;
}

/** The id of an object as text; undefined where the record has none. */
export function readObjectId(record: SourceRecord, idField: string): string | undefined {
  const value = readField(record, idField);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
