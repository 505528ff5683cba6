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
    help: helpFor(node),
    range: { start, end: Math.min(start + 1, Math.max(node.range.end, start)) },
    pointer,
  };
}

/** A part of the right thing is more often met than something else altogether. */
function helpFor(node: Node): string {
  const keys = node.kind === 'mapping' ? node.entries.map(({ key }) => key) : [];
  if (keys.includes('url') && keys.some((key) => key === 'idField' || key === 'datesConfiguration'))
    return 'This is one entry. Write the name of its resource above it, such as "customers:", and indent it below.';
  if (keys.some((key) => /^(?:event|oauth)\.[\w.]+$/.test(key)))
    return 'These keys belong into "configuration". Write that above them, indent them below, and beside it "element" with the "key" of the element.';
  if (keys.includes('configs') || keys.includes('runtime'))
    return 'These are settings of sagecfg, which are read by themselves. Leave the file out, by its name or in .sagecfgignore.';
  return help;
}

function describe(node: Node): string {
  if (node.kind === 'sequence') return node.items.length === 0 ? 'an empty list' : 'a list';
  if (node.kind === 'scalar') return node.value === null ? 'nothing' : 'a single value';
  if (node.entries.length === 0) return 'an empty object';
  const keys = node.entries.slice(0, 4).map(({ key }) => JSON.stringify(key));
  const more = node.entries.length > keys.length ? ' and more' : '';
  return `an object with ${keys.join(', ')}${more}`;
}
