import { Composer, type CST, type Document, type YAMLError } from 'yaml';
import type { Finding } from '../problem/problem.ts';
import type { Limits } from './limits.ts';
import type { SourceDocument } from './source-document.ts';
import { createTreeBudget } from './tree-builder.ts';
import { describeYamlError } from './yaml-mistakes.ts';
import { readYamlTokens } from './yaml-tokens.ts';
import { buildYamlTree } from './yaml-tree.ts';

/** Reads whatever is called YAML, and tells what is wrong. Duplicates, merges, aliases and budgets are ours, see `yaml-tree.ts`. */
export function readAnyYaml(text: string, limits: Limits): SourceDocument[] {
  // The library makes an error with a stack of each mistake, a kilobyte that nobody reads.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return readYamlDocuments(text, limits);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function readYamlDocuments(text: string, limits: Limits): SourceDocument[] {
  const control = controlCharacter.exec(text);
  if (control !== null) return [{ syntax: 'yaml', root: undefined, findings: [notPrintable(control)] }];
  const documents: SourceDocument[] = [];
  const stream = readYamlTokens(text, limits);
  for (const document of compose(stream.tokens(), text)) {
    // What was composed of a text that goes too far is only its beginning.
    if (stream.tooMuch() !== undefined) break;
    documents.push(readDocument(document, text, limits));
    if (documents.length >= mostDocuments) return [...documents, tooManyDocuments(document)];
  }
  const tooMuch = stream.tooMuch();
  return tooMuch === undefined ? documents : [{ syntax: 'yaml', root: undefined, findings: [tooMuch] }];
}

function* compose(tokens: Iterable<CST.Token>, text: string): Generator<Document.Parsed> {
  // The library's own duplicate check is quadratic, and its `toJS` expands aliases before anything can stop it.
  const composer = new Composer({
    uniqueKeys: false,
    stringKeys: true,
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  for (const token of tokens) yield* composer.next(token);
  yield* composer.end(true, text.length);
}

/** Each costs as much as a small file of its own. */
const mostDocuments = 5_000;

function tooManyDocuments({ range }: Document.Parsed): SourceDocument {
  const finding: Finding = {
    rule: 'too-large',
    message: `more than ${mostDocuments} documents in one file`,
    help: 'Those after this place were not read. Split the file.',
    range: { start: range[2], end: range[2] + 1 },
    pointer: '',
  };
  return { syntax: 'yaml', root: undefined, findings: [finding] };
}

/** The library takes these for letters, and YAML does not allow them. */
// oxlint-disable-next-line no-control-regex
const controlCharacter = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/;

function notPrintable({ 0: character, index }: RegExpExecArray): Finding {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return {
    rule: 'syntax',
    message: `control character U+${code}: expected text`,
    help: 'Remove it, or write it as an escape inside double quotes.',
    range: { start: index, end: index + 1 },
    pointer: '',
  };
}

function readDocument(document: Document.Parsed, text: string, limits: Limits): SourceDocument {
  const budget = createTreeBudget(limits);
  const contents = document.contents;
  const root = contents === null ? undefined : buildYamlTree(contents, text, budget);
  const firstError = Math.min(...document.errors.slice(0, 1).map(({ pos }) => pos[0]));
  // What the tree says of a place behind the first mistake mostly follows from it.
  const findings = budget.findings.filter(
    ({ rule, range }) => rule === 'too-large' || range.start < firstError,
  );
  return { syntax: 'yaml', root, findings: [...syntaxFindings(document, text), ...findings] };
}

/** The first error is the author's; what follows it on the same or a later line is mostly its echo. */
function syntaxFindings(document: Document.Parsed, text: string): Finding[] {
  const [first] = [...document.errors].sort((left, right) => left.pos[0] - right.pos[0]);
  const findings = document.warnings.map((warning) => syntaxFinding(warning, text));
  if (first !== undefined) findings.unshift(syntaxFinding(first, text));
  const { yaml } = document.directives;
  if (yaml.explicit === true && yaml.version !== '1.2')
    findings.push(oldVersion(text.lastIndexOf('%YAML', document.range[0]), yaml.version));
  return findings;
}

function syntaxFinding(error: YAMLError, text: string): Finding {
  return { rule: 'syntax', pointer: '', ...describeYamlError(error, text) };
}

function oldVersion(start: number, version: string): Finding {
  return {
    rule: 'syntax',
    message: `%YAML ${version} changes what values mean: expected YAML 1.2`,
    help: 'In YAML 1.1 the country NO is the boolean false. Remove the directive.',
    range: { start, end: start + 5 },
    pointer: '',
  };
}
