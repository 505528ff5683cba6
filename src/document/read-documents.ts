import type { Finding } from '../problem/problem.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { readJson } from './read-json.ts';
import { readYaml } from './read-yaml.ts';
import type { SourceDocument, Syntax } from './source-document.ts';

export interface ReadOptions {
  /** Left out, the text tells: it is JSON where it begins as only JSON does. */
  readonly syntax?: Syntax;
  readonly limits?: Limits;
}

/** Reads a text into its documents. Total: whatever the text holds, the answer is documents and findings. */
export function readDocuments(
  text: string,
  { syntax, limits = defaultLimits }: ReadOptions = {},
): readonly SourceDocument[] {
  if (text.length > limits.maxBytes || Buffer.byteLength(text) > limits.maxBytes) return [tooLarge(limits)];
  if (syntax === 'json') return [readJson(text, limits)];
  if (syntax === 'yaml' || !looksLikeJson.test(text)) return readYaml(text, limits);
  return [readJson(text, limits)];
}

/** A brace or a bracket first, perhaps after comments, and no bare word behind it, as a YAML flow mapping has. */
const looksLikeJson = /^\uFEFF?(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*[{[]\s*(?:$|[^\s\w'*&!?#])/;

function tooLarge({ maxBytes }: Limits): SourceDocument {
  const finding: Finding = {
    rule: 'too-large',
    message: `file is larger than ${maxBytes} bytes`,
    help: 'It was not read. Split it, or raise the limit with --max-bytes.',
    range: { start: 0, end: 1 },
    pointer: '',
  };
  return { syntax: 'yaml', root: undefined, findings: [finding] };
}
