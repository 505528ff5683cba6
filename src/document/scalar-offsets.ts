import type { ScalarStyle } from './node.ts';

/**
 * Finds, for each character of a scalar's value, where it stands in the text, through escapes, folded lines and the
 * indentation of blocks.
 */
export function scalarOffsets(
  text: string,
  start: number,
  end: number,
  style: ScalarStyle,
  value: string,
): (index: number) => number {
  const contentStart =
    style === 'plain' ? start : style === 'block' ? blockContentStart(text, start, end) : start + 1;
  if (isVerbatim(text, contentStart, end, style, value))
    return (index) => contentStart + Math.min(index, value.length);
  const offsets = alignValue(text, contentStart, end, style, value);
  return (index) => offsets[Math.min(Math.max(index, 0), value.length)] ?? end;
}

function isVerbatim(
  text: string,
  contentStart: number,
  end: number,
  style: ScalarStyle,
  value: string,
): boolean {
  const closing = style === 'single-quoted' || style === 'double-quoted' ? 1 : 0;
  return end - closing - contentStart === value.length && text.startsWith(value, contentStart);
}

/** After the header line `|`, `>-` and the like. */
function blockContentStart(text: string, start: number, end: number): number {
  const lineEnd = text.indexOf('\n', start);
  return lineEnd === -1 || lineEnd >= end ? end : lineEnd + 1;
}

/**
 * Walks value and text side by side. Where lines are folded the white space of both differs, so white space is matched
 * loosely and everything else exactly.
 */
function alignValue(
  text: string,
  contentStart: number,
  end: number,
  style: ScalarStyle,
  value: string,
): Uint32Array {
  const offsets = new Uint32Array(value.length + 1);
  let position = contentStart;
  let index = 0;
  while (index < value.length) {
    const isBlank = isWhiteSpace(value.charCodeAt(index));
    if (!isBlank) position = skipFolding(text, position, end, style);
    const length = sourceLength(text, position, style);
    const units = unitsOf(text, position, length, style);
    const advances = !isBlank || isWhiteSpace(text.charCodeAt(position)) || length > 1;
    for (let unit = 0; unit < units && index < value.length; unit += 1)
      offsets[index++] = Math.min(position, end);
    if (advances && !(isBlank && isFoldedLine(text, position, value, index))) position += length;
  }
  offsets[value.length] = Math.min(position, end);
  return offsets;
}

/** A line break in the text whose next value character is not white space was one folded blank: skipped later. */
function isFoldedLine(text: string, position: number, value: string, nextIndex: number): boolean {
  const code = text.charCodeAt(position);
  return (code === 10 || code === 13) && !isWhiteSpace(value.charCodeAt(nextIndex));
}

function skipFolding(text: string, position: number, end: number, style: ScalarStyle): number {
  let at = position;
  while (at < end) {
    if (isWhiteSpace(text.charCodeAt(at))) at += 1;
    else if (style === 'double-quoted' && text[at] === '\\' && /[\r\n]/.test(text[at + 1] ?? '')) at += 2;
    else break;
  }
  return at;
}

/** How many units of text one character takes: an escape takes several. */
function sourceLength(text: string, position: number, style: ScalarStyle): number {
  if (style === 'single-quoted') return text.startsWith("''", position) ? 2 : 1;
  if (style !== 'double-quoted' || text[position] !== '\\') return 1;
  const escape = text[position + 1];
  if (escape === 'x') return 4;
  if (escape === 'u') return 6;
  return escape === 'U' ? 10 : 2;
}

/** How many units of the value one source character gives: `\U0001F600` gives a surrogate pair. */
function unitsOf(text: string, position: number, length: number, style: ScalarStyle): number {
  if (style !== 'double-quoted' || length !== 10) return 1;
  return Number.parseInt(text.slice(position + 2, position + 10), 16) > 0xffff ? 2 : 1;
}

function isWhiteSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}
