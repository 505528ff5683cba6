import type { Node } from '../document/node.ts';
import type { Finding } from '../problem/problem.ts';

const help =
  'An instance body has the keys "element" and "configuration"; a poller configuration has an entry with "url" under each resource. --kind says what a file is meant to be.';

/** A file without any value. */
export function emptyText(): Finding {
  const message = 'expected an instance body or a poller configuration, found nothing';
  return { rule: 'unknown-kind', message, help, range: { start: 0, end: 0 }, pointer: '' };
}

/** Says what the document looks like instead of an instance body. */
export function unknownKind(node: Node, pointer: string): Finding {
  const start = node.range.start;
  return {
    rule: 'unknown-kind',
    message: `expected an instance body or a poller configuration, found ${describe(node)}`,
    help,
    range: { start, end: Math.min(start + 1, Math.max(node.range.end, start)) },
    pointer,
  };
}

function describe(node: Node): string {
  if (node.kind === 'sequence') return node.items.length === 0 ? 'an empty list' : 'a list';
  if (node.kind === 'scalar') return node.value === null ? 'nothing' : 'a single value';
  if (node.entries.length === 0) return 'an empty object';
  const keys = node.entries.slice(0, 4).map(({ key }) => JSON.stringify(key));
  const more = node.entries.length > keys.length ? ' and more' : '';
  return `an object with ${keys.join(', ')}${more}`;
}
