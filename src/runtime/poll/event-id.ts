import { createHash } from 'node:crypto';

/** 20 characters, the length of the platform's own event ids: 120 bits. */
const idBytes = 15;

/** Names a version of an object: the same for every process that ever reads it. */
export function eventIdOf(parts: {
  readonly instanceId: string;
  readonly resource: string;
  readonly objectId: string;
  readonly version: string;
}): string {
  const { instanceId, resource, objectId, version } = parts;
  return digest(JSON.stringify([instanceId, resource, objectId, version]));
}

/** Names what a record says, whatever the order of its keys. */
export function hashRecord(record: unknown): string {
  return digest(JSON.stringify(sortKeys(record)));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, idBytes).toString('base64url');
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const sorted = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, sortKeys(inner)]));
}
