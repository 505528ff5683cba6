import type { Value } from '../document/to-value.ts';
import type { ReferenceSources } from '../model/secret.ts';
import { comparePollers, isSameScalar } from './compare-poller.ts';
import { isKeptByPlatform, isSecretKey, needsLogin, pollerKey } from './configuration-keys.ts';
import { hasReference, resolveValue, type DesiredInstance } from './desired-instance.ts';
import { isMasked, type LiveInstance } from './live-instance.ts';

/** One key that is to become another. Values are as they may be shown, but for `createMask`. */
export interface KeyChange {
  /** Of the configuration, or `name`, `tags`. */
  readonly key: string;
  /** Inside the poller configuration: resource, then key by key. */
  readonly path: readonly string[];
  readonly kind: 'add' | 'change' | 'remove';
  /** Undefined where there is none, and for what must not be shown. */
  readonly before: Value | undefined;
  readonly after: Value | undefined;
  readonly isSecret: boolean;
  /** The platform has to be given access anew. */
  readonly needsLogin: boolean;
}

/** A key of which nobody can tell whether it is the same. */
export interface UnknownKey {
  readonly key: string;
  readonly why: string;
}

export interface Comparison {
  readonly changes: readonly KeyChange[];
  readonly unknown: readonly UnknownKey[];
}

export interface CompareOptions {
  readonly references: ReferenceSources;
  /** Secrets that cannot be compared count as changed. */
  readonly withSecrets: boolean;
}

/** What a live instance lacks of what its file says. What only the platform has is left alone. */
export function compareInstance(
  desired: DesiredInstance,
  live: LiveInstance,
  options: CompareOptions,
): Comparison {
  const configuration = live.configuration ?? new Map<string, Value>();
  const keys = [...desired.configuration].filter(([key]) => !isKeptByPlatform(key));
  const compared = keys.map(([key, wanted]) => compareKey(key, wanted, configuration.get(key), options));
  return {
    changes: [...compareLabels(desired, live), ...compared.flatMap(({ changes }) => changes)],
    unknown: compared.flatMap(({ unknown }) => unknown),
  };
}

function compareLabels(desired: DesiredInstance, live: LiveInstance): readonly KeyChange[] {
  const plain = { path: [], kind: 'change', isSecret: false, needsLogin: false } as const;
  const name: readonly KeyChange[] =
    desired.name === live.name ? [] : [{ ...plain, key: 'name', before: live.name, after: desired.name }];
  const { tags } = desired;
  const isSame = tags === undefined || tags.toSorted().join('\n') === live.tags.toSorted().join('\n');
  return isSame ? name : [...name, { ...plain, key: 'tags', before: live.tags, after: tags }];
}

function compareKey(
  key: string,
  wanted: Value,
  found: Value | undefined,
  { references, withSecrets }: CompareOptions,
): Comparison {
  if (isMasked(wanted)) return unknownKey(key, 'it is masked in the file');
  const resolved = resolveValue(wanted, references);
  if (isSecretKey(key) && isMasked(found))
    return withSecrets ? sentSecret(key) : unknownKey(key, 'the platform masks it');
  if (found === undefined && isSecretKey(key)) return secretChange(key, 'add');
  if (resolved.kind === 'unknown') return unknownKey(key, resolved.why);
  if (isSecretKey(key)) return isSameScalar(found, resolved.value) ? nothing : secretChange(key, 'change');
  // Where there is none yet, each entry is one that comes.
  if (key === pollerKey) return comparePollerKey(found ?? {}, resolved.value, wanted);
  if (isSameScalar(found, resolved.value)) return nothing;
  return {
    changes: [
      {
        key,
        path: [],
        kind: found === undefined ? 'add' : 'change',
        // What is there may be what a reference was made to keep out of sight.
        before: hasReference(wanted) ? undefined : found,
        after: wanted,
        isSecret: false,
        needsLogin: needsLogin(key),
      },
    ],
    unknown: [],
  };
}

function comparePollerKey(found: Value, wanted: Value, written: Value): Comparison {
  const isHidden = hasReference(written);
  const changes = comparePollers(found, wanted).map(({ path, before, after }): KeyChange => ({
    key: pollerKey,
    path,
    kind: before === undefined ? 'add' : after === undefined ? 'remove' : 'change',
    before: isHidden ? undefined : before,
    after: isHidden ? undefined : after,
    isSecret: isHidden,
    needsLogin: false,
  }));
  return { changes, unknown: [] };
}

const nothing: Comparison = { changes: [], unknown: [] };

/** Sent without anybody knowing whether it is another one: that is no reason to log in again. */
function sentSecret(key: string): Comparison {
  const { changes, unknown } = secretChange(key, 'change');
  return { changes: changes.map((change) => ({ ...change, needsLogin: false })), unknown };
}

function unknownKey(key: string, why: string): Comparison {
  return { changes: [], unknown: [{ key, why }] };
}

function secretChange(key: string, kind: KeyChange['kind']): Comparison {
  const hidden = { before: undefined, after: undefined, isSecret: true };
  return { changes: [{ key, path: [], kind, ...hidden, needsLogin: needsLogin(key) }], unknown: [] };
}
