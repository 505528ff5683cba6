import { expect, it } from 'vitest';
import { createLineIndex } from '../../src/input/line-index.ts';

const places: readonly [name: string, text: string, offset: number, line: number, column: number][] = [
  ['the first character', 'ab\ncd', 0, 1, 1],
  ['the start of a line', 'ab\ncd', 3, 2, 1],
  ['the line end itself', 'ab\ncd', 2, 1, 3],
  ['CRLF', 'ab\r\ncd', 4, 2, 1],
  ['past the end', 'ab\n', 99, 2, 1],
  ['a surrogate pair counts two', '\u{1F600}x', 2, 1, 3],
  ['a byte-order mark counts nothing', '\uFEFFab', 1, 1, 1],
  ['an empty text', '', 0, 1, 1],
];

it.each(places)('counts lines and columns: %s', (_, text, offset, line, column) => {
  expect(createLineIndex(text).positionOf(offset)).toEqual({ line, column });
});

it('gives lines without their ends', () => {
  const lines = createLineIndex('\uFEFFab\r\ncd\n');
  expect([lines.lineText(1), lines.lineText(2), lines.lineText(3), lines.lineCount]).toEqual([
    'ab',
    'cd',
    '',
    3,
  ]);
});
