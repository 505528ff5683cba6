import { expandStringified } from '../document/expand-stringified.ts';
import { appendToPointer } from '../document/json-pointer.ts';
import { defaultLimits, type Limits } from '../document/limits.ts';
import type { MappingNode, Node } from '../document/node.ts';
import { readDocuments } from '../document/read-documents.ts';
import type { SourceDocument, Syntax } from '../document/source-document.ts';
import type { Instance } from '../model/model.ts';
import { readInstance } from '../model/read-instance.ts';
import { compareProblems, type Finding, type Problem, type Severity } from '../problem/problem.ts';
import { checkSchema } from '../schema/check-schema.ts';
import { documentKindOf, type DocumentKind } from '../schema/document-kind.ts';
import { runRule, type Rule } from './rule.ts';
import { rules as allRules } from './rules/index.ts';
import { findSecrets, withoutSecrets, type Secrets } from './secrets.ts';
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
}

export interface LintedText {
  readonly text: string;
  /** In the order of the text. */
  readonly problems: readonly Problem[];
  /** What could be read, in the order of the text. */
  readonly instances: readonly Instance[];
  readonly secrets: Secrets;
}

/** Everything that is wrong with a text. Total: any text gives an answer. */
export function lintText(text: string, options: LintOptions = {}): LintedText {
  const earlier = options.findings ?? [];
  const limits = options.limits ?? defaultLimits;
  const documents = earlier.length > 0 ? [] : readDocuments(text, { ...options, limits });
  const checked = documents.map((document) => checkDocument(document, options.kind, limits));
  const secrets = findSecrets(
    text,
    checked.flatMap(({ root }) => (root === undefined ? [] : [root])),
  );
  const findings = [...earlier, ...checked.flatMap((document) => document.findings)];
  if (findings.length === 0 && checked.every(({ root }) => root === undefined)) findings.push(emptyText());
  return {
    text,
    problems: toProblems(findings, secrets, options.severities ?? new Map()),
    instances: checked.flatMap((document) => document.instances),
    secrets,
  };
}

interface CheckedDocument {
  readonly root: Node | undefined;
  readonly findings: readonly Finding[];
  readonly instances: readonly Instance[];
}

function checkDocument(
  document: SourceDocument,
  kind: DocumentKind | undefined,
  limits: Limits,
): CheckedDocument {
  if (document.root === undefined || document.findings.some(isFatal)) return { ...document, instances: [] };
  const { root, findings } = expandStringified(document.root, limits);
  const all = [...document.findings, ...findings];
  if (findings.some(isFatal)) return { root, findings: all, instances: [] };
  const parts = splitParts(root);
  const checked = parts.map((part) => checkPart(root, part, kind));
  return {
    root,
    findings: [...all, ...checked.flatMap((part) => part.findings)],
    instances: checked.flatMap((part) => part.instances),
  };
}

/** After a syntax error that nobody can mend for sure, the rest of the document is guesswork. */
function isFatal({ rule, fix }: Finding): boolean {
  return (rule === 'syntax' && fix === undefined) || rule === 'too-large' || rule === 'alias-cycle';
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

function checkPart(root: Node, { node, pointer }: Part, forced: DocumentKind | undefined) {
  const kind = forced ?? documentKindOf(node);
  if (kind === undefined) return { findings: [unknownKind(node, pointer)], instances: [] };
  const findings = checkSchema(root, kind, pointer);
  if (node.kind !== 'mapping') return { findings, instances: [] };
  const instance = readInstance(node satisfies MappingNode, kind, pointer);
  return {
    findings: [...findings, ...allRules.flatMap((rule) => [...runRule(rule, instance)])],
    instances: [instance],
  };
}

function toProblems(
  findings: readonly Finding[],
  secrets: Secrets,
  severities: ReadonlyMap<string, Severity | 'off'>,
): Problem[] {
  const ruleById = new Map(allRules.map((rule): [string, Rule] => [rule.id, rule]));
  const isSuperseded = supersededBy(findings.filter(({ rule }) => ruleById.get(rule)?.supersedes === true));
  const seen = new Set<string>();
  return findings
    .flatMap((finding): Problem[] => {
      const rule = ruleById.get(finding.rule);
      const severity = severities.get(finding.rule) ?? finding.severity ?? rule?.severity ?? 'error';
      if (severity === 'off' || (rule?.supersedes !== true && isSuperseded(finding))) return [];
      // What came in through an alias is found once for each use, at the same place.
      const identity = JSON.stringify([finding.rule, finding.range, finding.message]);
      if (seen.has(identity)) return [];
      seen.add(identity);
      return [{ ...withoutSecrets(finding, secrets), severity }];
    })
    .sort(compareProblems);
}

/** An error spoils its whole value; anything milder (a placeholder in a vendor's default) only what it covers. */
function supersededBy(findings: readonly Finding[]): (finding: Finding) => boolean {
  const byPointer = Map.groupBy(findings, ({ pointer }) => pointer);
  return ({ pointer, range }) =>
    (byPointer.get(pointer) ?? []).some(
      ({ severity, range: spoilt }) =>
        (severity ?? 'error') === 'error' || (spoilt.start <= range.start && range.end <= spoilt.end),
    );
}
