import type { Syntax } from '../document/source-document.ts';
import type { Entry, Instance } from '../model/model.ts';

/**
 * Equal for two entries of which every rule says the same, but for the place: they have the same text, read in the same way.
 * Undefined where that cannot be told, or would take too long to tell.
 */
export function entryIdentity(
  { resource, node }: Entry,
  { text, elementKey, poller }: Instance,
  syntax: Syntax,
): string | undefined {
  const { start } = resource.range;
  const { end } = node.range;
  // What comes by way of an alias stands elsewhere.
  if (resource.via.length > 0 || end < start || end - start > longest) return undefined;
  const source = text.slice(start, end);
  if (source.includes('*')) return undefined;
  const column = node.flow ? 0 : columnOf(text, start);
  const style = poller?.node.stringified?.style;
  // Two kinds of block hold two kinds of text.
  if (column === undefined || style === 'block') return undefined;
  return `${column} ${syntax} ${style ?? ''} ${elementKey?.value ?? ''} ${source}`;
}

/** Of real entries, the longest have a few hundred characters. */
const longest = 2000;

/** The same lines have another meaning where the first one stands elsewhere. */
function columnOf(text: string, start: number): number | undefined {
  const before = text.slice(Math.max(start - furthest, 0), start);
  const lineStart = before.lastIndexOf('\n');
  if (lineStart === -1 && start > furthest) return undefined;
  return before.length - lineStart - 1;
}

/** No reader takes a block that is indented so far. */
const furthest = 200;
