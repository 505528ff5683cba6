import type { Syntax } from '../document/source-document.ts';
import type { Entry, Instance } from '../model/model.ts';
import { entryIdentity } from './entry-identity.ts';
import type { Quota } from './quota.ts';
import { toFinding, type EntriesView, type Rule, type RuleFinding, type RuleReport } from './rule.ts';
import { rules } from './rules/index.ts';

const ofInstances = rules.filter((rule: Rule) => rule.check !== undefined);
const ofEntries = rules.filter((rule: Rule) => rule.checkEntries !== undefined);

/** Findings of all rules on one instance. */
export function runRules(instance: Instance, syntax: Syntax, quota: Quota): readonly RuleFinding[] {
  const findings: RuleFinding[] = [];
  for (const rule of ofInstances)
    if (!quota.isSpent(rule.id)) addFindings(findings, rule, rule.check?.(instance), quota);
  const { fresh, known } = sortEntries(instance, syntax);
  if (fresh.length + known.length > 0) checkEntries(findings, instance, { fresh, known }, quota);
  return findings;
}

interface FreshEntry {
  readonly entry: Entry;
  readonly identity: string | undefined;
}

interface KnownEntry {
  readonly entry: Entry;
  readonly speakers: readonly Rule[];
}

interface SortedEntries {
  readonly fresh: readonly FreshEntry[];
  readonly known: readonly KnownEntry[];
}

/**
 * Which rules have something to say of an entry, by what it is: a thousand tenants poll the same few lists, and forty
 * rules need not look at each of them again. The first thousand different ones.
 */
const speakersOf = new Map<string, readonly Rule[]>();
const mostKept = 1000;

/** Without those of which no rule has anything to say. */
function sortEntries(instance: Instance, syntax: Syntax): SortedEntries {
  const fresh: FreshEntry[] = [];
  const known: KnownEntry[] = [];
  for (const entry of instance.poller?.entries ?? []) {
    const identity = entryIdentity(entry, instance, syntax);
    const speakers = identity === undefined ? undefined : speakersOf.get(identity);
    if (speakers === undefined) fresh.push({ entry, identity });
    else if (speakers.length > 0) known.push({ entry, speakers });
  }
  return { fresh, known };
}

function checkEntries(
  findings: RuleFinding[],
  { elementKey, text, poller }: Instance,
  { fresh, known }: SortedEntries,
  quota: Quota,
): void {
  const first = findings.length;
  const stringified = poller?.stringified === true;
  const viewOf = (entries: readonly Entry[]): EntriesView => ({
    elementKey,
    text,
    poller: { entries, stringified },
  });
  const freshEntries = fresh.map(({ entry }) => entry);
  const ofFresh = viewOf(freshEntries);
  for (const rule of ofEntries) {
    const again = known.length === 0 ? none : entriesOf(rule, known);
    if (freshEntries.length + again.length === 0 || quota.isSpent(rule.id)) continue;
    const view = again.length === 0 ? ofFresh : viewOf([...freshEntries, ...again]);
    addFindings(findings, rule, rule.checkEntries?.(view), quota);
  }
  // Where a rule had enough, nobody knows what it would have said.
  if (speakersOf.size < mostKept && !quota.isAnySpent()) remember(fresh, known, findings.slice(first));
}

const none: readonly Entry[] = [];

/** Those of which the rule has something to say. */
function entriesOf(rule: Rule, known: readonly KnownEntry[]): Entry[] {
  return known.filter(({ speakers }) => speakers.includes(rule)).map(({ entry }) => entry);
}

function remember(
  fresh: readonly FreshEntry[],
  known: readonly KnownEntry[],
  findings: readonly RuleFinding[],
): void {
  const byPointer = new Map([...fresh, ...known].map(({ entry }) => [entry.pointer, new Set<Rule>()]));
  for (const { pointer, rule: id } of findings) {
    const speakers = speakersAt(byPointer, pointer);
    const rule = ofEntries.find((each) => each.id === id);
    // Of which entry it is said, nobody knows: then nothing is known of any.
    if (speakers === undefined || rule === undefined) return;
    speakers.add(rule);
  }
  for (const { entry, identity } of fresh) {
    if (speakersOf.size >= mostKept) return;
    if (identity !== undefined) speakersOf.set(identity, [...(byPointer.get(entry.pointer) ?? [])]);
  }
}

/** Of the entry that the pointer leads to or into. */
function speakersAt<Found>(byPointer: ReadonlyMap<string, Found>, pointer: string): Found | undefined {
  for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) {
    const found = byPointer.get(pointer.slice(0, end));
    if (found !== undefined) return found;
  }
  return undefined;
}

function addFindings(
  findings: RuleFinding[],
  rule: Rule,
  reports: Iterable<RuleReport> | undefined,
  quota: Quota,
): void {
  if (reports === undefined) return;
  for (const report of reports) {
    const finding = toFinding(rule, report);
    if (!quota.admits(finding)) return;
    findings.push(finding);
  }
}
