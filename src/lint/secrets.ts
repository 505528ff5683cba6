import { entryOf, type Node } from '../document/node.ts';
import type { Finding, Range } from '../problem/problem.ts';
import { secretKeys } from '../schema/secret-keys.ts';

/** The secrets that stand in a text: where, and what they are, so that no output shows them. */
export interface Secrets {
  readonly ranges: readonly Range[];
  readonly texts: readonly string[];
}

/**
 * Finds secrets twice: in the tree, where a value may be escaped or span lines, and in the bare text, which is all there
 * is when a file cannot be read.
 */
export function findSecrets(text: string, roots: readonly Node[]): Secrets {
  const ranges: Range[] = [];
  const texts = new Set<string>();
  const add = (value: string, range: Range): void => {
    if (!isSecretText(value)) return;
    ranges.push(range);
    texts.add(value);
  };
  for (const root of roots) for (const { value, range } of secretLeaves(root)) add(value, range);
  for (const { value, range } of secretsInText(text)) add(value, range);
  return { ranges, texts: [...texts] };
}

/** References and placeholders are what should stand there, or what says that nothing does. */
function isSecretText(value: string): boolean {
  return value.length >= 3 && !/^\$\{(env|file):[^}]*\}$/.test(value) && !/^<[^<>]*>$/.test(value);
}

interface FoundSecret {
  readonly value: string;
  readonly range: Range;
}

function* secretLeaves(root: Node): Iterable<FoundSecret> {
  const pending: Node[] = [root];
  const seen = new Set<Node>();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'scalar' || seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'sequence') pending.push(...node.items.map((item) => item.value));
    else {
      pending.push(...node.entries.map((entry) => entry.value));
      for (const key of secretKeys) {
        const value = entryOf(node, key)?.value;
        if (value?.kind === 'scalar') yield { value: String(value.value ?? ''), range: value.range };
      }
    }
  }
}

const keyPattern = secretKeys.map((key) => key.replaceAll('.', String.raw`\.`)).join('|');
const line = new RegExp(String.raw`(?<![\w.])(?:${keyPattern})\\?["']?[ \t]*:[ \t]*(?<value>[^\r\n]+)`, 'g');

function* secretsInText(text: string): Iterable<FoundSecret> {
  for (const match of text.matchAll(line)) {
    const rest = match.groups?.['value'] ?? '';
    const quoted = /^\\?(["'])(?<inner>.*?)\\?\1/.exec(rest)?.groups?.['inner'];
    const value = quoted ?? rest.replace(/^["']/, '').replace(/[\s,}\]]+$/, '');
    const start = match.index + match[0].length - rest.length + rest.indexOf(value);
    if (value !== '') yield { value, range: { start, end: start + value.length } };
  }
  for (const match of text.matchAll(passwordInUrl)) {
    const { value = '' } = match.groups ?? {};
    const end = match.index + match[0].length - 1;
    yield { value, range: { start: end - value.length, end } };
  }
}

/** `https://name:password@host`. */
const passwordInUrl = /:\/\/[^\s/@:"']*:(?<value>[^\s/@"']+)@/g;

/** No message may quote a secret, whichever way it came into it. */
export function withoutSecrets(finding: Finding, { texts }: Secrets): Finding {
  const mask = (text: string): string =>
    texts.reduce((masked, secret) => masked.replaceAll(secret, '[secret]'), text);
  return {
    ...finding,
    message: mask(finding.message),
    ...(finding.help !== undefined && { help: mask(finding.help) }),
  };
}
