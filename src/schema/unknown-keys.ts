import { appendToPointer } from '../document/json-pointer.ts';
import { didYouMean } from '../problem/did-you-mean.ts';

export interface ObjectKeys {
  readonly pointer: string;
  readonly missing: readonly { readonly key: string; readonly description: string | undefined }[];
  readonly unknown: readonly string[];
  readonly known: readonly string[];
  /** All keys that stand there. */
  readonly present: ReadonlySet<string>;
}

export interface KeyFault {
  readonly rule: 'unknown-key' | 'missing-key';
  readonly pointer: string;
  readonly message: string;
  readonly help?: string;
  readonly rename?: { readonly to: string; readonly safe: boolean };
}

/** An unknown key that looks like a missing one is that key misspelt: one fault, not two. */
export function describeKeys({ pointer, missing, unknown, known, present }: ObjectKeys): KeyFault[] {
  const stillMissing = new Map(missing.map((entry) => [entry.key, entry]));
  const faults: KeyFault[] = [];
  for (const key of new Set(unknown)) {
    if (flatElementKey.test(key) && stillMissing.delete('element')) {
      faults.push(flatKey(pointer, key));
      continue;
    }
    const suggestion =
      didYouMean(key, stillMissing.keys()) ?? didYouMean(key, known) ?? sameThing(key, present, known);
    if (suggestion !== undefined) stillMissing.delete(suggestion);
    faults.push(unknownKey(pointer, key, suggestion, known));
  }
  for (const { key, description } of stillMissing.values()) {
    faults.push({
      rule: 'missing-key',
      pointer: appendToPointer(pointer, key),
      message: `missing key "${key}"`,
      ...(description !== undefined && { help: description }),
    });
  }
  return faults;
}

const flatElementKey = /^element[._-]?key$/i;

function flatKey(pointer: string, key: string): KeyFault {
  return {
    rule: 'unknown-key',
    pointer: appendToPointer(pointer, key),
    message: `unknown key ${JSON.stringify(key)}: expected "element" with "key" inside`,
    help: 'Write {"element": {"key": "sageone"}}, or in YAML "element:" and below it, indented, "key: sageone".',
  };
}

/** Other names for the same thing, and its beginning: `datesConfig`. Only where it does not stand there already. */
function sameThing(key: string, present: ReadonlySet<string>, known: readonly string[]): string | undefined {
  const name = Object.entries(otherNames).find(([, others]) => others.includes(key.toLowerCase()))?.[0];
  const meant = name ?? known.find((candidate) => key.length >= 5 && candidate.startsWith(key));
  return meant !== undefined && known.includes(meant) && !present.has(meant) ? meant : undefined;
}

const otherNames: Readonly<Record<string, readonly string[]>> = {
  url: ['path', 'endpoint', 'href', 'link', 'resourceurl', 'pollurl', 'pollerurl'],
  idField: ['id', 'key', 'primarykey', 'idpath'],
  datesConfiguration: ['dates', 'datefields'],
};

function unknownKey(
  pointer: string,
  key: string,
  suggestion: string | undefined,
  known: readonly string[],
): KeyFault {
  const fault = { rule: 'unknown-key' as const, pointer: appendToPointer(pointer, key) };
  if (suggestion === undefined) {
    return {
      ...fault,
      message: `unknown key ${JSON.stringify(key)}`,
      help: `Nobody reads it. Known here: ${[...new Set(known)].join(', ')}. Keys of your own begin with "x-".`,
    };
  }
  return {
    ...fault,
    message: `unknown key ${JSON.stringify(key)}: did you mean "${suggestion}"?`,
    help: 'A key with another name is ignored without a word.',
    rename: { to: suggestion, safe: suggestion.toLowerCase() === key.toLowerCase() },
  };
}
