import type { Instance, Leaf, PollerConfiguration } from '../model/model.ts';
import type { Load } from './poll-load.ts';
import type { Finding, Fix, Range, RelatedRange, Severity } from '../problem/problem.ts';

/** What a rule says of one leaf, or of one object's key. */
export interface RuleReport {
  /** The value it is about: gives the pointer, and the range where `span` does not. */
  readonly leaf: Pick<Leaf<unknown>, 'pointer' | 'range' | 'rangeOf' | 'via'>;
  /** Part of a string value, as indices of the value. */
  readonly span?: Range;
  /** Only where it differs from the rule's own. */
  readonly severity?: Severity;
  readonly message: string;
  readonly help?: string;
  readonly related?: readonly RelatedRange[];
  readonly fix?: Fix;
  /** Pointers: what is said of them, and of what is below them, is said for the same mistake and is dropped. */
  readonly spoils?: readonly string[];
}

/** Entries of one instance, and what there is of it besides. */
export interface EntriesView extends Pick<Instance, 'elementKey' | 'text'> {
  readonly poller: Pick<PollerConfiguration, 'entries' | 'stringified'> | undefined;
}

/** What a rule says of several instances together, by way of what one of them asks for. */
export interface RunReport extends RuleReport {
  readonly load: Load;
}

/** The file that a load comes from, as reports name it; undefined where there is only a text. */
export type FileOf = (load: Load) => string | undefined;

export type RuleFinding = Finding & Pick<RuleReport, 'spoils'>;

/** A mistake as it stands in a file, what is said of it, and the file without it. Tests and docs are made from it. */
export interface RuleExample {
  readonly bad: string;
  /** The rule's messages, in order. */
  readonly says: readonly string[];
  readonly good: string;
  /** The command line's `--kind`, where the example's shape does not tell. */
  readonly kind?: string;
}

/** One rule: everything about it, in one file of `rules/`. */
export interface Rule {
  /** Kebab-case; the name of the file. */
  readonly id: string;
  readonly severity: Severity;
  /** What the rule finds, in a phrase: `a quote in a URL that is never closed`. */
  readonly summary: string;
  /** What goes wrong otherwise, and what to do: a paragraph for `sagecfg explain`. */
  readonly why: string;
  readonly examples: readonly RuleExample[];
  /** Some of its problems come with a fix, which turns `bad` into `good`. */
  readonly fixable?: boolean;
  /** What it finds makes everything else about the same value pointless. */
  readonly supersedes?: boolean;
  /** Left out where the finding is made while a file is read or held against its schema. */
  readonly check?: (instance: Instance) => Iterable<RuleReport>;
  /**
   * For what an entry shows by itself, whatever else stands in the file: what is said of one like it is remembered, so that
   * not every entry is shown to the rule.
   */
  readonly checkEntries?: (view: EntriesView) => Iterable<RuleReport>;
  /** For what only shows when everything that is checked together is seen: all files of one command. */
  readonly checkRun?: (loads: readonly Load[], fileOf: FileOf) => Iterable<RunReport>;
}

export function toFinding(rule: Rule, { leaf, span, related = [], ...report }: RuleReport): RuleFinding {
  const through = leaf.via.map((range) => ({ range, message: 'came in here' }));
  return {
    rule: rule.id,
    ...report,
    pointer: leaf.pointer,
    range: span === undefined ? leaf.range : leaf.rangeOf(span.start, span.end),
    ...(related.length + through.length > 0 && { related: [...related, ...through] }),
  };
}
