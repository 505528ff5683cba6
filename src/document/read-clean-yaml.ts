import { readBlock } from './clean-block.ts';
import { isAtEnd, isOddLine, refuse, skipBlank, toContent, type CleanReader } from './clean-reader.ts';
import type { Limits } from './limits.ts';
import type { SourceDocument } from './source-document.ts';

/**
 * Reads a single YAML document without tags, anchors, aliases and other rarities, many times as fast as `readAnyYaml`;
 * undefined for everything else, be it right or wrong.
 */
export function readCleanYaml(text: string, limits: Limits): SourceDocument | undefined {
  if (unusual.test(text) && oddCharacter.test(text)) return undefined;
  const reader = createReader(text, limits);
  if (isAtEnd(reader)) return undefined;
  const root = readBlock(reader, -1);
  toContent(reader);
  // A single scalar is no configuration: the other reader may have it.
  if (reader.isRefused || !isAtEnd(reader) || root.kind === 'scalar') return undefined;
  return { syntax: 'yaml', root, findings: reader.findings };
}

/** Most files have none of these, and this is told faster. */
const unusual = /[^\n -~]/;
/** Tabs, line breaks of other systems, control characters, byte-order marks: parsers disagree about them. */
const oddCharacter =
  /[^\n\r -~\u00A0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFF}]|\r(?!\n)/u;

/** Stands where the text begins, behind comments and the mark `---`. */
function createReader(text: string, { maxDepth, maxNodes }: Limits): CleanReader {
  const at = skipBlank(text, 0);
  const reader: CleanReader = {
    text,
    at,
    lineStart: text.lastIndexOf('\n', at - 1) + 1,
    isRefused: false,
    levelsLeft: Math.min(maxDepth, mostLevels) - 1,
    scalarsLeft: maxNodes,
    path: [],
    findings: [],
  };
  if (text.startsWith('---', at)) skipMark(reader);
  else if (isOddLine(text, at)) refuse(reader);
  return reader;
}

function skipMark(reader: CleanReader): void {
  const { at, lineStart } = reader;
  reader.at = at + 3;
  toContent(reader);
  // Only a comment may stand beside it.
  if (at > lineStart || reader.lineStart === lineStart) refuse(reader);
}

/** What is deeper needs no speed, and each level is a call inside another. */
const mostLevels = 100;
