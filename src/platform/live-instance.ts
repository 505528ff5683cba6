import type { Value } from '../document/to-value.ts';

/** An instance as the platform has it. */
export interface LiveInstance {
  readonly id: string;
  readonly name: string;
  readonly elementKey: string;
  /** The element token; undefined where the platform does not show it. */
  readonly token: string | undefined;
  readonly tags: readonly string[];
  /** What was answered; undefined where the list leaves it out. Keys that are null are left out. */
  readonly configuration: ReadonlyMap<string, Value> | undefined;
  readonly isDisabled: boolean;
  readonly externalAuthentication: string | undefined;
}

const pollerKey = 'event.poller.configuration';

/** Reads one item of an answer; undefined where it is no instance. */
export function readLiveInstance(item: unknown): LiveInstance | undefined {
  const fields = fieldsOf(item);
  const id = fields?.get('id');
  const name = fields?.get('name');
  const elementKey = fieldsOf(fields?.get('element'))?.get('key');
  if (fields === undefined || (typeof id !== 'number' && typeof id !== 'string')) return undefined;
  if (typeof elementKey !== 'string') return undefined;
  const configuration = fieldsOf(fields.get('configuration'));
  return {
    id: String(id),
    name: typeof name === 'string' ? name : '',
    elementKey,
    token: visibleText(fields.get('token')),
    tags: readTags(fields.get('tags')),
    configuration: configuration && withoutNulls(configuration),
    isDisabled: fields.get('disabled') === true,
    externalAuthentication: visibleText(fields.get('externalAuthentication')),
  };
}

/** What the platform puts in place of a secret. */
export function isMasked(value: Value | undefined): boolean {
  return typeof value === 'string' && /^\*{3,}$/.test(value);
}

/** The poller configuration as an object, whichever way it is written; a string that is no object stays one. */
export function readPollerValue(value: Value): Value {
  if (typeof value !== 'string' || !/^\s*\{/.test(value)) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return fieldsOf(parsed) === undefined ? value : (parsed as Value); // JSON holds nothing else
  } catch {
    // What is broken is compared and imported as the text that it is.
    return value;
  }
}

/** Text of the body of an export, for whoever reads files: the same instance as `GET /instances/{id}` answers it. */
export function renderExport(live: LiveInstance): string {
  return JSON.stringify({
    id: live.id,
    name: live.name,
    token: '********',
    element: { key: live.elementKey },
    tags: live.tags,
    configuration: Object.fromEntries(
      [...(live.configuration ?? [])].map(([key, value]) => [
        key,
        key === pollerKey ? readPollerValue(value) : value,
      ]),
    ),
  });
}

function withoutNulls(fields: ReadonlyMap<string, unknown>): ReadonlyMap<string, Value> {
  const present = [...fields].filter(([, value]) => value !== null && value !== '');
  return new Map(present as [string, Value][]); // parsed from JSON
}

/** Labels as strings, or as `{id, name}`. */
function readTags(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((tag: unknown) => {
    if (typeof tag === 'string') return [tag];
    const name = fieldsOf(tag)?.get('name');
    return typeof name === 'string' ? [name] : [];
  });
}

function visibleText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && !isMasked(value) ? value : undefined;
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map<string, unknown>(Object.entries(value));
}
