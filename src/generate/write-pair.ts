import { applyEdits } from '../document/apply-edits.ts';
import { entryOf, type MappingEntry, type MappingNode } from '../document/node.ts';
import { columnOf, isWrittenIn, lineEndOf, pairRange } from '../document/splice.ts';
import type { Edit, Range } from '../problem/problem.ts';
import type { Value } from '../document/to-value.ts';
import { renderEntries } from './generate-instance.ts';
import type { PlannedEntry } from './plan-entry.ts';

/** Where an entry stands that others are made from. */
export interface SourcePlace {
  readonly text: string;
  /** The poller configuration. */
  readonly mapping: MappingNode;
  readonly entry: MappingEntry;
  /** Of the text, each with the blanks before it. */
  readonly anchors: readonly Range[];
}

/**
 * The planned entry as the source is written: its own characters, with another key and URL, and without anchors (a
 * second one of a name would rebind the aliases after it). Undefined where the source is not written in one place.
 */
export function clonePair(place: SourcePlace, { resource, urlEdits }: PlannedEntry): string | undefined {
  const { text, mapping, entry, anchors } = place;
  const url = entry.value.kind === 'mapping' ? entryOf(entry.value, 'url') : undefined;
  const isInPlace =
    entry.value.kind === 'mapping' &&
    isWrittenIn(mapping, entry) &&
    url !== undefined &&
    isWrittenIn(entry.value, url);
  if (!isInPlace || urlEdits === undefined || url.value.kind !== 'scalar') return undefined;

  const scalar = url.value;
  const range = pairRange(text, mapping, entry);
  const edits: Edit[] = [
    { range: insideQuotes(text, entry), text: resource.name },
    ...keyComment(text, entry),
    ...anchors.filter((anchor) => anchor.start >= range.start && anchor.end <= range.end).map(remove),
    ...urlEdits.map(({ start, end, text: replacement }) => ({
      range: { start: scalar.offsetAt(start), end: scalar.offsetAt(end) },
      text: scalar.encode(replacement),
    })),
  ];
  return applyEdits(
    text.slice(range.start, range.end),
    edits.map((edit) => shift(edit, -range.start)),
  );
}

function insideQuotes(text: string, { keyRange, key }: MappingEntry): Range {
  const quotes = text.slice(keyRange.start, keyRange.end) === key ? 0 : 1;
  return { start: keyRange.start + quotes, end: keyRange.end - quotes };
}

/** A comment behind the key speaks of this resource; those below it explain choices, which are taken over. */
function keyComment(text: string, { keyRange, value }: MappingEntry): Edit[] {
  const limit = value.kind === 'mapping' ? (firstKey(value) ?? value.range.start) : value.range.start;
  const [line = ''] = text.slice(keyRange.end, limit).split(/\r?\n/, 1);
  const comment = /[ \t]*(?:#|\/\/).*$/.exec(line);
  if (comment === null) return [];
  const start = keyRange.end + comment.index;
  return [remove({ start, end: start + comment[0].length })];
}

function firstKey({ entries, range }: MappingNode): number | undefined {
  const starts = entries.map(({ keyRange }) => keyRange.start).filter((start) => start >= range.start);
  return starts.length === 0 ? undefined : Math.min(...starts);
}

function remove(range: Range): Edit {
  return { range, text: '' };
}

function shift({ range, text }: Edit, by: number): Edit {
  return { range: { start: range.start + by, end: range.end + by }, text };
}

/** The planned entry written out, where its source is put together from several places. */
export function renderPair(place: SourcePlace, { resource, value }: PlannedEntry): string {
  return renderKey(place, resource.name, value);
}

/** A key with its value as it can stand behind `entry`, in the style of the object. */
export function renderKey(
  { text, mapping, entry }: Omit<SourcePlace, 'anchors'>,
  key: string,
  value: Value,
): string {
  const entries = { [key]: value };
  // Without the braces around it.
  if (mapping.flow)
    return renderEntries(entries, 'json').trim().slice(1, -1).trim().replaceAll(/\n\s*/g, ' ');
  const column = columnOf(text, mapping.range.start);
  const step = stepOf(text, entry, column);
  return renderEntries(entries, 'yaml')
    .trim()
    .replaceAll(/\n((?: {2})*)/g, (_line, indent: string) => {
      return lineEndOf(text) + ' '.repeat(column + (indent.length / 2) * step);
    });
}

/** Blanks by which the file indents one level more. */
function stepOf(text: string, { value }: MappingEntry, column: number): number {
  if (value.kind !== 'mapping' || value.flow) return 2;
  const step = columnOf(text, value.range.start) - column;
  return step > 0 && step <= 8 ? step : 2;
}
