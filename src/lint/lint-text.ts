import { expandStringified } from '../document/expand-stringified.ts';
import { appendToPointer } from '../document/json-pointer.ts';
import { defaultLimits, type Limits } from '../document/limits.ts';
import type { MappingNode, Node } from '../document/node.ts';
import { readDocuments } from '../document/read-documents.ts';
import type { SourceDocument, Syntax } from '../document/source-document.ts';
import type { Instance } from '../model/model.ts';
import { readInstance } from '../model/read-instance.ts';
import type { Finding, Problem, Severity } from '../problem/problem.ts';
import { checkSchema } from '../schema/check-schema.ts';
import { documentKindOf, type DocumentKind } from '../schema/document-kind.ts';
import { needsWholeRun } from './lint-run.ts';
import { loadOf, type Load } from './poll-load.ts';
import { createQuota, mostOfARule, notChecked, type Quota } from './quota.ts';
import type { RuleFinding } from './rule.ts';
import { rules as allRules } from './rules/index.ts';
import { runRules } from './run-rules.ts';
import { deferSecrets, findSecrets, type Secrets } from './secrets.ts';
import { readSuppressions, type IgnoredProblem, type Suppressions } from './suppressions.ts';
import { toProblems, withoutSuperseded } from './to-problems.ts';
import { emptyText, unknownKind } from './unknown-kind.ts';

export interface LintOptions {
  readonly syntax?: Syntax;
  /** What every document is; left out, its shape tells. */
  readonly kind?: DocumentKind;
  readonly limits?: Limits;
  /** Severity of a rule by id, in place of its own. */
  readonly severities?: ReadonlyMap<string, Severity | 'off'>;
  /** What was found while the bytes were read. */
  readonly findings?: readonly Finding[];
  /** Problems that the settings leave out. */
  readonly ignored?: readonly IgnoredProblem[];
  /** Also what comments in the text and `ignored` would hide. */
  readonly reportsSuppressed?: boolean;
  /** Problems of one rule that are kept (default 10,000); one more tells that there are others. */
  readonly mostOfARule?: number;
}

export interface LintedText {
  readonly text: string;
  /** In the order of the text. */
  readonly problems: readonly Problem[];
  /** What could be read, in the order of the text. */
  readonly instances: readonly Instance[];
  /** What these ask of Sage, for what only shows when all texts of a run are seen. */
  readonly loads: readonly Load[];
  readonly secrets: Secrets;
  /** What comments and settings leave out. */
  readonly suppressions: Suppressions;
}

/** Everything that is wrong with a text. Total: any text gives an answer. */
export function lintText(text: string, options: LintOptions = {}): LintedText {
  const earlier = options.findings ?? [];
  const limits = options.limits ?? defaultLimits;
  const documents = earlier.length > 0 ? [] : readDocuments(text, { ...options, limits });
  const quota = createQuota(options.mostOfARule ?? mostOfARule, options.severities);
  const checked = documents.map((document) =>
    checkDocument(document, { kind: options.kind, limits, text, syntax: document.syntax, quota }),
  );
  const suppressions = suppressionsFor(text, documents, options);
  const findings = [
    ...earlier,
    ...checked.flatMap((document) =>
      document.findings.filter((finding) => !suppressions.hides(finding, document.root)),
    ),
  ];
  if (!checked.some(({ isCutShort }) => isCutShort))
    for (const finding of suppressions.unused()) if (quota.admits(finding)) findings.push(finding);
  if (findings.length === 0 && checked.every(({ root }) => root === undefined)) findings.push(emptyText());
  const told = [...findings, ...quota.overflow()];
  const secrets =
    told.length === 0
      ? deferSecrets(() => secretsOf(text, readAgain(text, options)))
      : secretsOf(text, checked);
  const instances = checked.flatMap((document) => document.instances);
  return {
    text,
    problems: toProblems(told, secrets, options.severities),
    instances,
    loads: instances.map((instance) => loadOf(instance)).filter((load) => load !== undefined),
    secrets,
    suppressions,
  };
}

function secretsOf(text: string, documents: readonly Pick<CheckedDocument, 'root' | 'findings'>[]): Secrets {
  return findSecrets(
    text,
    documents.flatMap(({ root }) => (root === undefined ? [] : [root])),
    documents.some(
      ({ root, findings }) => root === undefined || findings.some(({ rule }) => rule === 'syntax'),
    ),
  );
}

/** Hardly anybody asks for the secrets of a text that is right: until then, it is not worth keeping its trees. */
function readAgain(
  text: string,
  options: LintOptions,
): readonly Pick<CheckedDocument, 'root' | 'findings'>[] {
  const limits = options.limits ?? defaultLimits;
  return readDocuments(text, { ...options, limits }).map(({ root, findings }) => ({
    root: root && expandStringified(root, limits).root,
    findings,
  }));
}

const ruleIds: readonly string[] = allRules.map(({ id }) => id);

function suppressionsFor(
  text: string,
  documents: readonly SourceDocument[],
  { ignored = [], reportsSuppressed = false, severities }: LintOptions,
): Suppressions {
  return readSuppressions(reportsSuppressed ? '' : text, {
    syntax: documents[0]?.syntax ?? 'yaml',
    ignored: reportsSuppressed ? [] : ignored,
    rules: ruleIds,
    hasRun: (id) => severities?.get(id) !== 'off' && !needsWholeRun(id),
  });
}

interface CheckedDocument {
  readonly root: Node | undefined;
  readonly findings: readonly Finding[];
  readonly instances: readonly Instance[];
  /** Not read to its end, so that nobody knows what else it holds. */
  readonly isCutShort: boolean;
}

interface CheckOptions {
  readonly kind: DocumentKind | undefined;
  readonly limits: Limits;
  readonly text: string;
  readonly syntax: Syntax;
  readonly quota: Quota;
}

function checkDocument(document: SourceDocument, options: CheckOptions): CheckedDocument {
  const { limits, quota } = options;
  const read = document.findings.filter(quota.admits);
  const isFatalHere = document.syntax === 'yaml' ? isFatalInYaml : isFatal;
  if (document.root === undefined || read.some(isFatalHere))
    return { ...document, findings: read, instances: [], isCutShort: read.some(isFatalHere) };
  const { root, findings } = expandStringified(document.root, limits);
  const all = [...read, ...findings.filter(quota.admits)];
  if (findings.some(isFatal)) return { root, findings: all, instances: [], isCutShort: true };
  const instances: Instance[] = [];
  for (const part of splitParts(root)) {
    if (quota.isOver()) {
      all.push(notChecked(part.node.range, part.pointer));
      break;
    }
    const checked = checkPart(root, part, options);
    for (const finding of checked.findings) all.push(finding);
    for (const instance of checked.instances) instances.push(instance);
  }
  return { root, findings: withoutSuperseded(all), instances, isCutShort: false };
}

/** After a syntax error that nobody can mend for sure, the rest of the document is guesswork. */
function isFatal({ rule, fix }: Finding): boolean {
  return (rule === 'syntax' && fix === undefined) || rule === 'too-large' || rule === 'alias-cycle';
}

/** What YAML makes of the lines behind a mistake is another tree, also where the mistake can be mended. */
function isFatalInYaml(finding: Finding): boolean {
  return finding.rule === 'syntax' || isFatal(finding);
}

interface Part {
  readonly node: Node;
  readonly pointer: string;
}

/** A document holds one body, or a list of them. */
function splitParts(root: Node): readonly Part[] {
  if (root.kind !== 'sequence' || root.items.length === 0) return [{ node: root, pointer: '' }];
  return root.items.map(({ value }, index) => ({ node: value, pointer: appendToPointer('', index) }));
}

function checkPart(root: Node, { node, pointer }: Part, options: CheckOptions) {
  const { quota, text } = options;
  const kind = options.kind ?? documentKindOf(node);
  if (kind === undefined)
    return { findings: [unknownKind(node, pointer)].filter(quota.admits), instances: [] };
  const findings: RuleFinding[] = checkSchema(root, kind, pointer).filter(quota.admits);
  if (node.kind !== 'mapping') return { findings, instances: [] };
  const instance = readInstance(node satisfies MappingNode, { kind, pointer, text });
  for (const finding of runRules(instance, options.syntax, quota)) findings.push(finding);
  return { findings, instances: [instance] };
}
