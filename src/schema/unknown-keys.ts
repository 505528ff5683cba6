import { appendToPointer } from '../document/json-pointer.ts';
import { didYouMean } from '../problem/did-you-mean.ts';

export interface ObjectKeys {
  readonly pointer: string;
  readonly missing: readonly { readonly key: string; readonly description: string | undefined }[];
  readonly unknown: readonly string[];
  readonly known: readonly string[];
}

export interface KeyFault {
  readonly rule: 'unknown-key' | 'missing-key';
  readonly pointer: string;
  readonly message: string;
  readonly help?: string;
  readonly rename?: { readonly to: string; readonly safe: boolean };
}

/** An unknown key that looks like a missing one is that key misspelt: one fault, not two. */
export function describeKeys({ pointer, missing, unknown, known }: ObjectKeys): KeyFault[] {
  const stillMissing = new Map(missing.map((entry) => [entry.key, entry]));
  const faults: KeyFault[] = [];
  for (const key of new Set(unknown)) {
    const suggestion = didYouMean(key, stillMissing.keys()) ?? didYouMean(key, known);
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
