import { appendToPointer, pointerTokens } from '../document/json-pointer.ts';
import { locate } from '../document/locate.ts';
import type { Node } from '../document/node.ts';
import type { Syntax } from '../document/source-document.ts';
import { createLineIndex, type LineIndex } from '../input/line-index.ts';
import type { Finding, Range } from '../problem/problem.ts';
import { parseDirectives, type Directive, type LineSpan } from './parse-directives.ts';
import { isSuppressible } from './suppressible.ts';
import { directiveMistakes, unusedDirective } from './unused-directives.ts';

/** What the settings say of a file: a rule that does not count for a value and everything in it. */
export interface IgnoredProblem {
  readonly rule: string;
  /** JSON Pointer; left out, the rule does not count in the whole file. */
  readonly pointer?: string;
}

/** What is left out on purpose, and whether it still has a purpose. */
export interface Suppressions {
  /** `root` is the document that the finding's pointer leads into. */
  readonly hides: (finding: Finding, root: Node | undefined) => boolean;
  /** What is wrong with the comments, and those that hid none of the findings asked about so far. */
  readonly unused: () => Finding[];
  readonly usedIgnores: ReadonlySet<IgnoredProblem>;
}

export interface SuppressionOptions {
  readonly syntax: Syntax;
  readonly ignored: readonly IgnoredProblem[];
  /** Ids of all rules that there are. */
  readonly rules: readonly string[];
  /** Of a rule that did not run, nobody knows what a comment hides. */
  readonly hasRun: (rule: string) => boolean;
}

export function readSuppressions(
  text: string,
  { syntax, ignored, rules, hasRun }: SuppressionOptions,
): Suppressions {
  const directives = parseDirectives(text, syntax);
  const spans = directives.flatMap((directive, index) => spansOf(directive, directives.slice(index + 1)));
  const lines = createLineIndex(directives.length === 0 ? '' : text);
  const used = new Set<Span>();
  const usedIgnores = new Set<IgnoredProblem>();
  return {
    usedIgnores,
    hides: (finding, root) => {
      if (!isSuppressible(finding.rule)) return false;
      const entries = ignored.filter((entry) => isAbout(entry, finding));
      const candidates = spans.filter(({ rule }) => rule === finding.rule);
      const places = candidates.length === 0 ? [] : linesOf(finding, root, lines);
      const hiding = candidates.filter((span) => places.some((place) => overlaps(place, span.lines)));
      for (const entry of entries) usedIgnores.add(entry);
      for (const span of hiding) used.add(span);
      return entries.length + hiding.length > 0;
    },
    unused: () => [
      ...directives.flatMap((directive) => directiveMistakes(directive, rules)),
      ...strayEnables(directives),
      ...[...Map.groupBy(spans, ({ directive }) => directive)].flatMap(([directive, own]) => {
        const idle = own.filter(({ rule }) => isSuppressible(rule) && rules.includes(rule) && hasRun(rule));
        return unusedDirective(
          text,
          directive,
          idle.filter((span) => !used.has(span)).map(({ rule }) => rule),
        );
      }),
    ],
  };
}

/** Where one rule of one comment does not count. */
interface Span {
  readonly directive: Directive;
  readonly rule: string;
  readonly lines: LineSpan;
}

function spansOf(directive: Directive, later: readonly Directive[]): Span[] {
  if (!isDisabling(directive)) return [];
  return directive.rules.map(({ id }) => {
    const end = directive.kind === 'disable' ? later.find((other) => enables(other, id)) : undefined;
    const lines = end === undefined ? directive.lines : { ...directive.lines, to: end.lines.from };
    return { directive, rule: id, lines };
  });
}

function isDisabling({ kind }: Directive): boolean {
  return ['disable-next-line', 'disable-line', 'disable-file', 'disable'].includes(kind);
}

/** Without a name, everything counts again. */
function enables({ kind, rules }: Directive, rule: string): boolean {
  return kind === 'enable' && (rules.length === 0 || rules.some(({ id }) => id === rule));
}

function strayEnables(directives: readonly Directive[]): Finding[] {
  return directives.flatMap((directive, index) => {
    if (directive.kind !== 'enable') return [];
    const isNeeded = directives
      .slice(0, index)
      .some(({ kind, rules }) => kind === 'disable' && rules.some(({ id }) => enables(directive, id)));
    if (isNeeded) return [];
    return [
      {
        rule: 'unused-suppression',
        message: '"sagecfg-enable" ends nothing: no such rule is disabled before it',
        range: directive.range,
        pointer: '',
      },
    ];
  });
}

function isAbout({ rule, pointer }: IgnoredProblem, finding: Finding): boolean {
  if (rule !== finding.rule) return false;
  return pointer === undefined || finding.pointer === pointer || finding.pointer.startsWith(`${pointer}/`);
}

/**
 * The lines on which a comment is a comment on the finding: those of its place, of the key and of the whole value, of the
 * alias or merge key through which the value came, and of the key whose string the value stands in.
 */
function linesOf(finding: Finding, root: Node | undefined, lines: LineIndex): LineSpan[] {
  const ranges: Range[] = [finding.range];
  const location = root && locate(root, finding.pointer);
  if (root !== undefined && location !== undefined) {
    ranges.push(location.keyRange, ...location.via);
    // A whole object is too much: a comment on one of its values is none on the object.
    if (location.node.kind === 'scalar') ranges.push(location.node.range);
    ranges.push(...keysOfStrings(root, finding.pointer));
  }
  if (location?.node === root) ranges.splice(1);
  return ranges.map(({ start, end }) => ({
    from: lines.positionOf(start).line,
    to: lines.positionOf(Math.max(start, end - 1)).line,
  }));
}

/** Inside a string there are no comments: those at its key take their place. */
function keysOfStrings(root: Node, pointer: string): Range[] {
  let prefix = '';
  return pointerTokens(pointer).flatMap((token) => {
    prefix = appendToPointer(prefix, token);
    const location = locate(root, prefix);
    return location?.node.kind === 'mapping' && location.node.stringified !== undefined
      ? [location.keyRange]
      : [];
  });
}

function overlaps(left: LineSpan, right: LineSpan): boolean {
  return left.from <= right.to && right.from <= left.to;
}
