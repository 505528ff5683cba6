import {
  CHOMPING_MODE,
  COLLECTION_STYLE,
  EVENT_ID,
  getScalarValue,
  SCALAR_STYLE,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import type { Range } from '../problem/problem.ts';
import { encoders } from './encode-scalar.ts';
import { appendToPointer } from './json-pointer.ts';
import type { MappingEntry, MappingNode, Node, ScalarNode, ScalarStyle, SequenceItem } from './node.ts';
import { plainScalarValue } from './plain-scalar.ts';
import { scalarOffsets } from './scalar-offsets.ts';
import { uniqueEntries, type TreeBudget } from './tree-builder.ts';

/** Walks events and text side by side, because the events do not tell where a collection ends or an empty value stands. */
interface Walk {
  readonly events: readonly Event[];
  readonly text: string;
  readonly budget: TreeBudget;
  /** Index of the next event. */
  next: number;
  /** Offset up to which the text is read. */
  at: number;
  /** Something was found that the other reader has to judge; what is built from then on is thrown away. */
  isRefused: boolean;
}

/** The tree of the only document of `text`; undefined where the text is not as simple as the events look. */
export function buildCleanTree(events: readonly Event[], text: string, budget: TreeBudget): Node | undefined {
  const walk: Walk = { events, text, budget, next: 1, at: 0, isRefused: false };
  const first = events[1];
  if (first?.type !== EVENT_ID.MAPPING && first?.type !== EVENT_ID.SEQUENCE) return undefined;
  const root = buildNode(walk, '');
  return walk.isRefused ? undefined : root;
}

function buildNode(walk: Walk, pointer: string): Node {
  const event = walk.events[walk.next];
  walk.next += 1;
  if (event?.type === EVENT_ID.MAPPING) return buildMapping(event, walk, pointer);
  if (event?.type === EVENT_ID.SEQUENCE) return buildSequence(event, walk, pointer);
  if (event?.type !== EVENT_ID.SCALAR) return refuse(walk);
  const scalar = event.valueStart === -1 ? emptyScalar(walk) : buildScalar(event, walk);
  walk.budget.spend(scalar, scalar.range, pointer);
  return scalar;
}

function buildMapping(event: MappingEvent, walk: Walk, pointer: string): MappingNode {
  const flow = event.style === COLLECTION_STYLE.FLOW;
  goTo(walk, event.start);
  if (flow) expect(walk, '{');
  const entries: MappingEntry[] = [];
  while (!isAtEnd(walk)) {
    if (flow && entries.length > 0) expect(walk, ',');
    entries.push(buildEntry(walk, pointer, flow));
  }
  const end = closeCollection(walk, flow, '}');
  return {
    kind: 'mapping',
    flow,
    range: { start: event.start, end },
    entries: uniqueEntries(entries, pointer, walk.budget.findings),
  };
}

function buildEntry(walk: Walk, pointer: string, flow: boolean): MappingEntry {
  const event = walk.events[walk.next];
  walk.next += 1;
  if (event?.type !== EVENT_ID.SCALAR || event.valueStart === -1) return { ...noEntry, value: refuse(walk) };
  const keyRange = rangeOf(event, walk);
  const key = getScalarValue(walk.text, event);
  // What the other reader gives a meaning, or an error.
  const isPlain = event.style === SCALAR_STYLE.PLAIN;
  if ((isPlain && key === '<<') || keyRange.end - keyRange.start > longestKey) refuse(walk);
  goTo(walk, keyRange.start);

  walk.at = keyRange.end;
  const colon = skipBlank(walk.text, walk.at);
  if (walk.text[colon] === ':') walk.at = skipSpaces(walk.text, colon + 1);
  else if (!flow) refuse(walk);
  return { key, keyRange, value: buildNode(walk, appendToPointer(pointer, key)), via: [] };
}

const noEntry = { key: '', keyRange: { start: 0, end: 0 }, via: [] } as const;
/** A longer key must be written with `?`. */
const longestKey = 1000;

function buildSequence(event: SequenceEvent, walk: Walk, pointer: string): Node {
  const flow = event.style === COLLECTION_STYLE.FLOW;
  goTo(walk, event.start);
  if (flow) expect(walk, '[');
  const items: SequenceItem[] = [];
  while (!isAtEnd(walk)) {
    if (!flow) expect(walk, '-');
    else if (items.length > 0) expect(walk, ',');
    walk.at = skipSpaces(walk.text, walk.at);
    items.push({ value: buildNode(walk, appendToPointer(pointer, items.length)), via: [] });
  }
  const end = closeCollection(walk, flow, ']');
  return { kind: 'sequence', flow, range: { start: event.start, end }, items };
}

function isAtEnd({ events, next }: Walk): boolean {
  const event = events[next];
  return event === undefined || event.type === EVENT_ID.POP;
}

/** The end of a collection: behind its bracket, or of its last value. */
function closeCollection(walk: Walk, flow: boolean, bracket: string): number {
  walk.next += 1;
  if (!flow) return walk.at;
  const comma = skipBlank(walk.text, walk.at);
  if (walk.text[comma] === ',') walk.at = comma + 1;
  expect(walk, bracket);
  return walk.at;
}

/** Reads on to a place before which there must be nothing but white space and comments; `---` before the first. */
function goTo(walk: Walk, place: number): void {
  if (walk.at > 0 && skipBlank(walk.text, walk.at) !== place) refuse(walk);
  walk.at = place;
}

/** Reads on behind the next character that is neither white space nor comment, which must be this one. */
function expect(walk: Walk, character: string): void {
  const found = skipBlank(walk.text, walk.at);
  if (walk.text[found] !== character) refuse(walk);
  walk.at = found + 1;
}

function refuse(walk: Walk): ScalarNode {
  walk.isRefused = true;
  return emptyScalar(walk);
}

function emptyScalar(walk: Walk): ScalarNode {
  const { at } = walk;
  return {
    kind: 'scalar',
    value: null,
    range: { start: at, end: at },
    style: 'plain',
    encode: encoders.plain,
    offsetAt: () => at,
  };
}

function buildScalar(event: ScalarEvent, walk: Walk): ScalarNode {
  const { text } = walk;
  const range = rangeOf(event, walk);
  goTo(walk, range.start);
  const style = styles[event.style];
  const content = getScalarValue(text, event);
  const value = style === 'plain' ? plainScalarValue(content) : content;
  const written = typeof value === 'string' ? value : text.slice(range.start, range.end);
  walk.at = range.end;
  return {
    kind: 'scalar',
    value,
    range,
    style,
    encode: encoders[style],
    offsetAt: scalarOffsets(text, range.start, range.end, style, written),
  };
}

const styles: Readonly<Record<ScalarEvent['style'], ScalarStyle>> = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single-quoted',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double-quoted',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'block',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'block',
};

/** Where blank lines follow, it is read in two ways. */
const escapedBreak = /\\\r?\n/;

/** With the quotes, or with the header of a block. */
function rangeOf({ style, valueStart, valueEnd, chomping }: ScalarEvent, walk: Walk): Range {
  if (style === SCALAR_STYLE.PLAIN) return { start: valueStart, end: valueEnd };
  if (style === SCALAR_STYLE.DOUBLE_QUOTED && escapedBreak.test(walk.text.slice(valueStart, valueEnd)))
    refuse(walk);
  if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED)
    return { start: valueStart - 1, end: valueEnd + 1 };
  const start = skipBlank(walk.text, walk.at);
  if (walk.text[start] !== '|' && walk.text[start] !== '>') refuse(walk);
  const isKept = chomping === CHOMPING_MODE.KEEP;
  const end = isKept ? valueEnd : withoutBlankLines(walk.text, valueEnd);
  // Nothing but blank lines, or blanks in those at the end: the readers count these differently.
  if (end <= valueStart || walk.text.slice(end, valueEnd).includes(' ')) refuse(walk);
  return { start, end };
}

/** The end of the last line before `end` that holds something, its line break included. */
function withoutBlankLines(text: string, end: number): number {
  let at = end;
  while (blanks.includes(text.charCodeAt(at - 1))) at -= 1;
  const newline = text.indexOf('\n', at);
  return newline === -1 ? end : Math.min(newline + 1, end);
}

/** Offset of the next character from `from` on that is neither white space nor in a comment. */
export function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === hash) at = lineEnd(text, at);
    else if (code === blank || code === lineFeed || code === carriageReturn) at += 1;
    else return at;
  }
}

/** Where a value stands that is left out: behind the blanks of its line. */
function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === blank) at += 1;
  return at;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

const blank = 32;
const hash = 35;
const lineFeed = 10;
const carriageReturn = 13;
const blanks: readonly number[] = [blank, lineFeed, carriageReturn];
