import type { Node } from '../document/node.ts';
import type { Finding, Range } from '../problem/problem.ts';
import { findWords } from './find-words.ts';
import { secretsInText, type FoundSecret } from './secrets-in-text.ts';
import { isSuppressible } from './suppressible.ts';
import { secretKeys } from '../schema/secret-keys.ts';

/** The secrets that stand in a text: where, and what they are, so that no output shows them. */
export interface Secrets {
  /** In the order of the text. */
  readonly ranges: readonly Range[];
  readonly texts: readonly string[];
  /** For what is told of a range of the secrets' own text: each message without any part of a secret. */
  readonly maskAt: (told: Pick<Finding, 'rule' | 'range'>) => Mask;
}

type Mask = (message: string) => string;

/** A shorter secret is masked in its place, but may well be an ordinary word elsewhere. */
const shortestRepeated = 6;

/**
 * Finds secrets twice: in the tree, where a value may be escaped or span lines, and in the bare text, which is all there
 * is when a file cannot be read; `isBroken` says that parts of it could not. What is known to be a secret is one in a
 * comment as well.
 */
export function findSecrets(text: string, roots: readonly Node[], isBroken: boolean): Secrets {
  const ranges: Range[] = [];
  const texts = new Set<string>();
  const add = ({ value, range }: FoundSecret): void => {
    if (value !== undefined && !isSecretText(value)) return;
    ranges.push(range);
    if (value !== undefined) texts.add(value);
  };
  for (const root of roots) findLeaves(root, add);
  for (const found of secretsInText(text, isBroken)) add(found);
  if (ranges.length === 0) return { ranges, texts: [], maskAt: () => (message) => message };
  const repeated = new Set([...texts].filter(({ length }) => length >= shortestRepeated));
  for (const range of findWords(repeated)(text)) ranges.push(range);
  ranges.sort((left, right) => left.start - right.start);
  return { ranges, texts: [...texts], maskAt: maskFor(text, ranges, texts) };
}

/** Secrets that are looked for when somebody asks. */
export function deferSecrets(find: () => Secrets): Secrets {
  let found: Secrets | undefined;
  const get = (): Secrets => (found ??= find());
  return {
    get ranges() {
      return get().ranges;
    },
    get texts() {
      return get().texts;
    },
    maskAt: (told) => get().maskAt(told),
  };
}

function maskFor(text: string, ranges: readonly Range[], texts: ReadonlySet<string>): Secrets['maskAt'] {
  const findTexts = findWords(texts);
  return ({ rule, range }) => {
    // A reader that gave up quotes whatever stands there, cut off or escaped; a rule quotes values that it has read.
    const shortest = isSuppressible(rule) ? 8 : 4;
    const near = new Set(
      secretsNear(text, ranges, range).flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]),
    );
    return (message) => {
      const whole = replaceRanges(message, findTexts(message));
      return replaceRanges(whole, findParts(whole, near, shortest));
    };
  };
}

/** On the lines of a range, or close to it where lines are long. */
function secretsNear(text: string, ranges: readonly Range[], { start, end }: Range): string[] {
  const from = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - 200);
  const lineEnd = text.indexOf('\n', end);
  const to = Math.min(lineEnd === -1 ? text.length : lineEnd, end + 200);
  const near: string[] = [];
  for (let index = firstFrom(ranges, to) - 1; index >= 0 && near.length < 20; index -= 1) {
    const secret = ranges[index];
    if (secret === undefined || secret.start < from - 2000) break;
    if (secret.end > from) near.push(text.slice(secret.start, Math.min(secret.end, secret.start + 500)));
  }
  return near;
}

/** Index of the first range that starts at the offset or later. */
function firstFrom(ranges: readonly Range[], offset: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a message says of any secret, and a badly chosen one may hold: `my-signature-key`. It gives nothing away. */
const vocabulary = [
  ...secretKeys,
  ...secretKeys.map((key) => `\${env:${key.toUpperCase().replaceAll('.', '_')}}`),
].join(' ');

/** Where a message repeats so many characters of a secret in a row. */
function findParts(message: string, secrets: ReadonlySet<string>, shortest: number): readonly Range[] {
  const parts = new Set<string>();
  for (const secret of secrets)
    for (let at = 0; at + shortest <= secret.length; at += 1) {
      const part = secret.slice(at, at + shortest);
      if (message.includes(part)) parts.add(part);
    }
  // Of nearly every message there is none.
  if (parts.size === 0) return none;
  const found: { start: number; end: number }[] = [];
  for (let start = 0; start + shortest <= message.length; start += 1) {
    const part = message.slice(start, start + shortest);
    if (!parts.has(part) || vocabulary.includes(part)) continue;
    const last = found.at(-1);
    if (last !== undefined && start <= last.end) last.end = start + shortest;
    else found.push({ start, end: start + shortest });
  }
  return found;
}

const none: readonly Range[] = [];

function replaceRanges(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text;
  let replaced = '';
  let reached = 0;
  for (const { start, end } of ranges) {
    replaced += `${text.slice(reached, start)}[secret]`;
    reached = end;
  }
  return replaced + text.slice(reached);
}

/** References and placeholders are what should stand there, or what says that nothing does. */
function isSecretText(value: string): boolean {
  return value.length >= 3 && !/^\$\{(env|file):[^}]*\}$/.test(value) && !/^<[^<>]*>$/.test(value);
}

function findLeaves(root: Node, add: (found: FoundSecret) => void): void {
  const pending: Node[] = [root];
  const seen = new Set<Node>();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'scalar' || seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'sequence') for (const { value } of node.items) pending.push(value);
    else
      for (const { key, value } of node.entries) {
        if (value.kind !== 'scalar') pending.push(value);
        else if (keys.has(key)) add({ value: String(value.value ?? ''), range: value.range });
      }
  }
}

const keys = new Set(secretKeys);

/** No message may quote a secret, whichever way it came into it. */
export function withoutSecrets<Told extends Finding>(finding: Told, { ranges, maskAt }: Secrets): Told {
  if (ranges.length === 0) return finding;
  const { help, related, fix } = finding;
  const mask = maskAt(finding);
  return {
    ...finding,
    message: mask(finding.message),
    ...(help !== undefined && { help: mask(help) }),
    ...(related && { related: related.map((each) => ({ ...each, message: mask(each.message) })) }),
    ...(fix && { fix: { ...fix, title: mask(fix.title) } }),
  };
}
