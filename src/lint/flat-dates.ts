import { appendToPointer } from '../document/json-pointer.ts';
import { entryOf, type MappingEntry } from '../document/node.ts';
import { isWrittenIn, lineEndOf } from '../document/splice.ts';
import type { Entry } from '../model/model.ts';
import type { Edit, Fix } from '../problem/problem.ts';
import { keyPlace } from './key-place.ts';
import type { RuleReport } from './rule.ts';

export interface FlatDates {
  readonly entry: Entry;
  /** The keys of `datesConfiguration` that stand in the entry itself. */
  readonly keys: readonly MappingEntry[];
  readonly text: string;
  readonly isFixable: boolean;
}

/** All keys of the dates beside `datesConfiguration`, or without it: one slip of the indentation, or one misunderstanding. */
export function flatDates({ entry, keys, text, isFixable }: FlatDates): RuleReport | undefined {
  const { node, pointer, dates, resource } = entry;
  const holder = entryOf(node, 'datesConfiguration');
  const isEmpty = holder?.value.kind === 'scalar' && holder.value.value === null;
  const [first] = keys;
  if (first === undefined || keys.length < 2 || dates !== undefined) return undefined;
  if (holder !== undefined && !isEmpty) return undefined;
  const fix = isFixable ? indent({ entry, keys, text }, holder) : undefined;
  return {
    leaf: keyPlace(holder ?? first, pointer),
    message:
      holder === undefined
        ? `"${first.key}" and ${keys.length - 1} more are ignored in the entry "${resource.value}": expected them in "datesConfiguration"`
        : '"datesConfiguration" is empty, and its keys stand beside it: expected them inside',
    help: 'The platform looks for the dates in "datesConfiguration" only, and ignores them here without a word.',
    spoils: [...keys, ...(holder === undefined ? [] : [holder])].map(({ key }) =>
      appendToPointer(pointer, key),
    ),
    ...(fix && { fix }),
  };
}

/** Where the keys stand one after the other, each in its line. */
function indent(
  { entry: { node }, keys, text }: Omit<FlatDates, 'isFixable'>,
  holder: MappingEntry | undefined,
): Fix | undefined {
  const [first, last] = [keys[0], keys.at(-1)];
  if (node.flow || first === undefined || last === undefined) return undefined;
  const from = (holder ?? first).keyRange.start;
  const end = last.value.range.end;
  const within = node.entries.filter(({ keyRange }) => keyRange.start >= from && keyRange.start < end);
  const isTogether = within.every(
    (each) => isWrittenIn(node, each) && (each === holder || keys.includes(each)),
  );
  if (!isTogether || within.length < keys.length) return undefined;
  const lineStart = text.lastIndexOf('\n', first.keyRange.start - 1) + 1;
  const column = text.slice(lineStart, first.keyRange.start);
  if (!/^ +$/.test(column)) return undefined;
  const opening = holder === undefined ? `${column}datesConfiguration:${lineEndOf(text)}` : '';
  const edits: Edit[] = [insertion(lineStart, `${opening}  `)];
  for (let at = text.indexOf('\n', lineStart) + 1; at > 0 && at < end; at = text.indexOf('\n', at) + 1)
    if (text[at] !== '\n' && text[at] !== '\r') edits.push(insertion(at, '  '));
  return { safe: true, title: 'put them into "datesConfiguration"', edits };
}

function insertion(at: number, text: string): Edit {
  return { range: { start: at, end: at }, text };
}
