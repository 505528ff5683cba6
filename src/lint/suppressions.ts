import { appendToPointer, pointerTokens } from '../document/json-pointer.ts';
import { locate } from '../document/locate.ts';
import type { Node } from '../document/node.ts';
import type { Syntax } from '../document/source-document.ts';
import { createLineIndex, type LineIndex } from '../input/line-index.ts';
import type { Finding, Range } from '../problem/problem.ts';
import { createLineSet, type LineSet } from './line-set.ts';
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
  readonly unused: () => Iterable<Finding>;
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
  if (directives.length === 0 && ignored.length === 0) return noSuppressions;
  const lines = createLineIndex(directives.length === 0 ? '' : text);
  const spansByRule = Map.groupBy(spansOf(directives, lines.lineCount), ({ rule }) => rule);
  const places = new Map(
    // Nothing is hidden of a rule that there is not.
    [...spansByRule].flatMap(([rule, spans]) =>
      rules.includes(rule) ? [[rule, placesOf(spans, lines.lineCount)] as const] : [],
    ),
  );
  const usedIgnores = new Set<IgnoredProblem>();
  return {
    usedIgnores,
    hides: (finding, root) => {
      if (!isSuppressible(finding.rule)) return false;
      const entries = ignored.filter((entry) => isAbout(entry, finding));
      for (const entry of entries) usedIgnores.add(entry);
      const place = places.get(finding.rule);
      const hiding = (place === undefined ? [] : linesOf(finding, root, lines)).filter(
        (span) => place?.hidden.overlaps(span) === true,
      );
      for (const span of hiding) place?.found.add(span);
      return entries.length + hiding.length > 0;
    },
    unused: function* () {
      const idle = new Map<Directive, Set<string>>();
      for (const [rule, { found }] of places) {
        if (!isSuppressible(rule) || !hasRun(rule)) continue;
        for (const { directive, lines: span } of spansByRule.get(rule) ?? [])
          if (!found.overlaps(span)) idle.set(directive, (idle.get(directive) ?? new Set()).add(rule));
      }
      for (const [index, directive] of directives.entries())
        yield* directiveMistakes(directive, { knownRules: rules, hints: index < mostHints });
      yield* strayEnables(directives);
      for (const directive of directives)
        yield* unusedDirective(text, directive, idle.get(directive) ?? new Set());
    },
  };
}

const noSuppressions: Suppressions = {
  usedIgnores: new Set(),
  hides: () => false,
  unused: () => [],
};

const mostHints = 1000;

/** Where one rule of one comment does not count. */
interface Span {
  readonly directive: Directive;
  readonly rule: string;
  readonly lines: LineSpan;
}

/** Of one rule: the lines on which comments hide it, and those on which they hid something. */
interface Places {
  readonly hidden: LineSet;
  readonly found: LineSet;
}

function placesOf(spans: readonly Span[], lineCount: number): Places {
  const hidden = createLineSet(lineCount);
  for (const { lines } of spans) hidden.add(lines);
  return { hidden, found: createLineSet(lineCount) };
}

/** From the last comment to the first: what ends a block stands behind it. */
function spansOf(directives: readonly Directive[], lineCount: number): Span[] {
  const spans: Span[] = [];
  const ends = new Map<string, number>();
  let endOfAll = lineCount;
  for (const directive of directives.toReversed()) {
    const { kind, rules, lines } = directive;
    if (kind === 'enable') {
      for (const { id } of rules) ends.set(id, lines.from);
      if (rules.length > 0) continue;
      // Without a name, everything counts again.
      ends.clear();
      endOfAll = lines.from;
    } else if (isDisabling(directive)) {
      for (const { id } of rules) {
        const to = kind === 'disable' ? Math.min(lines.to, ends.get(id) ?? endOfAll) : lines.to;
        spans.push({ directive, rule: id, lines: { ...lines, to } });
      }
    }
  }
  return spans.reverse();
}

function isDisabling({ kind }: Directive): boolean {
  return ['disable-next-line', 'disable-line', 'disable-file', 'disable'].includes(kind);
}

function* strayEnables(directives: readonly Directive[]): Generator<Finding> {
  const disabled = new Set<string>();
  for (const { kind, rules, range } of directives) {
    if (kind === 'disable') for (const { id } of rules) disabled.add(id);
    if (kind !== 'enable') continue;
    const isNeeded = rules.length === 0 ? disabled.size > 0 : rules.some(({ id }) => disabled.has(id));
    if (isNeeded) continue;
    yield {
      rule: 'unused-suppression',
      message: '"sagecfg-enable" ends nothing: no such rule is disabled before it',
      range,
      pointer: '',
    };
  }
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
