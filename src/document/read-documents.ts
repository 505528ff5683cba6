import type { Finding } from '../problem/problem.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { readJson } from './read-json.ts';
import { readYaml } from './read-yaml.ts';
import type { SourceDocument, Syntax } from './source-document.ts';

export interface ReadOptions {
  /** Left out, the text tells: JSON where it begins with a brace or a bracket and reads as JSON. */
  readonly syntax?: Syntax;
  readonly limits?: Limits;
}

/** Reads a text into its documents. Total: whatever the text holds, the answer is documents and findings. */
export function readDocuments(
  text: string,
  { syntax, limits = defaultLimits }: ReadOptions = {},
): SourceDocument[] {
  if (text.length > limits.maxBytes || Buffer.byteLength(text) > limits.maxBytes)
    return [tooLarge(text, limits)];
  if (syntax === 'json') return [readJson(text, limits)];
  if (syntax === 'yaml' || !/^\uFEFF?\s*(?:\/[/*]|[{[])/.test(text)) return readYaml(text, limits);

  const json = readJson(text, limits);
  if (json.findings.every((finding) => finding.rule !== 'syntax')) return [json];
  const yaml = readYaml(text, limits);
  return yaml.some((document) => document.findings.some((finding) => finding.rule === 'syntax'))
    ? [json]
    : yaml;
}

function tooLarge(text: string, { maxBytes }: Limits): SourceDocument {
  const finding: Finding = {
    rule: 'too-large',
    message: `file is larger than ${maxBytes} bytes`,
    help: 'It was not read. Split it, or raise the limit with --max-bytes.',
    range: { start: 0, end: 1 },
    pointer: '',
  };
  return { syntax: 'yaml', range: { start: 0, end: text.length }, root: undefined, findings: [finding] };
}
