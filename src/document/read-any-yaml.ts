import { Composer, CST, Parser, type Document, type YAMLError } from 'yaml';
import type { Finding, Range } from '../problem/problem.ts';
import type { Limits } from './limits.ts';
import type { SourceDocument } from './source-document.ts';
import { createTreeBudget, tooDeep } from './tree-builder.ts';
import { buildYamlTree } from './yaml-tree.ts';

/** Reads whatever is called YAML, and tells what is wrong. Duplicates, merges, aliases and budgets are ours, see `yaml-tree.ts`. */
export function readAnyYaml(text: string, limits: Limits): SourceDocument[] {
  const control = controlCharacter.exec(text);
  if (control !== null) return [{ syntax: 'yaml', root: undefined, findings: [notPrintable(control)] }];
  const tokens = [...new Parser().parse(text)];
  const deep = firstTooDeep(tokens, limits.maxDepth);
  if (deep !== undefined) return [{ syntax: 'yaml', root: undefined, findings: [tooDeep(limits, deep)] }];

  // The library's own duplicate check is quadratic, and its `toJS` expands aliases before anything can stop it.
  const composer = new Composer({
    uniqueKeys: false,
    stringKeys: true,
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return [...composer.compose(tokens, true, text.length)].map((document) =>
    readDocument(document, text, limits),
  );
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

/** Looked for before composing, because composing recurses. */
function firstTooDeep(tokens: readonly CST.Token[], maxDepth: number): Range | undefined {
  const stack = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return { start: token.offset, end: token.offset + 1 };
    for (const child of childTokens(token)) stack.push({ token: child, depth: depth + 1 });
  }
  return undefined;
}

function childTokens(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!CST.isCollection(token)) return [];
  return token.items.flatMap((item) => [item.key, item.value].filter((child) => child != null));
}

function readDocument(document: Document.Parsed, text: string, limits: Limits): SourceDocument {
  const budget = createTreeBudget(limits);
  budget.findings.push(...syntaxFindings(document, text));
  const contents = document.contents;
  const root = contents === null ? undefined : buildYamlTree(contents, text, budget);
  return { syntax: 'yaml', root, findings: budget.findings };
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
  const [start, end] = error.pos;
  const help = helpFor(error, text);
  return {
    rule: 'syntax',
    message: lowerFirst(error.message),
    ...(help !== undefined && { help }),
    range: {
      start: Math.min(start, text.length),
      end: Math.min(Math.max(end, start + 1), Math.max(text.length, 1)),
    },
    pointer: '',
  };
}

function helpFor(error: YAMLError, text: string): string | undefined {
  if (error.code === 'TAB_AS_INDENT') return 'YAML is indented with blanks only.';
  if (error.code === 'TAG_RESOLVE_FAILED')
    return 'Tags have no meaning in these files: write the plain value.';
  const isPlainUrl = /: \/?\S*\$\{/.test(
    text.slice(text.lastIndexOf('\n', error.pos[0]) + 1, error.pos[1] + 80),
  );
  return isPlainUrl ? 'A URL with ": " or " #" in it must stand in double quotes.' : undefined;
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
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
