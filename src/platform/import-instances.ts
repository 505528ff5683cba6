import type { Value } from '../document/to-value.ts';
import { isKeptByPlatform, isPlatformDefault, isSecretKey } from './configuration-keys.ts';
import { hasReference } from './desired-instance.ts';
import { fileNamesOf, variableName, variablePrefixesOf } from './instance-names.ts';
import { isMasked, type LiveInstance } from './live-instance.ts';
import { createMask } from './mask.ts';
import { renderInstanceYaml } from './render-instance-yaml.ts';

/** A live instance, with what else is known of it. */
export interface ImportedInstance {
  readonly live: LiveInstance;
  /** Epoch milliseconds of the latest poll that led to an event; undefined where the platform does not tell. */
  readonly lastPollMs: number | undefined;
}

export interface ImportedFile {
  /** Without the folder. */
  readonly path: string;
  readonly text: string;
  readonly variables: readonly ImportedVariable[];
}

/** A variable that a file refers to. */
interface ImportedVariable {
  readonly name: string;
  /** Undefined where the platform masks it. */
  readonly value: string | undefined;
}

/** A configuration value as the file has it. */
export interface ImportedValue {
  readonly key: string;
  readonly value: Value;
  readonly comment?: string;
}

/** Keys of the app, which are the same for all its customers. */
const appKeys = new Set(['oauth.api.key', 'oauth.api.secret', 'signature.secret', 'apim.subscription.key']);

/** One file for each instance: what it is, with references in place of secrets. */
export function importInstances(instances: readonly ImportedInstance[]): readonly ImportedFile[] {
  const names = instances.map(({ live }) => (live.name === '' ? `instance-${live.id}` : live.name));
  const paths = fileNamesOf(names);
  const prefixes = variablePrefixesOf(names);
  const shared = sharedKeys(instances.map(({ live }) => live));
  return instances.map(({ live, lastPollMs }, index) => {
    const prefix = prefixes[index] ?? '';
    const values = [...(live.configuration ?? [])]
      .filter(([key]) => !isKeptByPlatform(key) && !isPlatformDefault(key))
      .map(([key, value]) => importValue(key, value, shared.has(key) ? '' : `${prefix}_`));
    return {
      path: `${paths[index]}.yaml`,
      text: renderInstanceYaml({
        live,
        lastPollMs,
        values: values.map(({ imported }) => imported),
        kept: keptValues(live),
      }),
      variables: values.flatMap(({ variable }) => variable ?? []),
    };
  });
}

/** Keys of the app for which nothing says that two of the instances have different values. */
function sharedKeys(instances: readonly LiveInstance[]): ReadonlySet<string> {
  const isShared = (key: string): boolean => {
    const seen = new Set(instances.flatMap(({ configuration }) => configuration?.get(key) ?? []));
    return seen.size <= 1;
  };
  return new Set([...appKeys].filter(isShared));
}

function importValue(
  key: string,
  value: Value,
  prefix: string,
): { readonly imported: ImportedValue; readonly variable?: ImportedVariable } {
  const comment = whyApart(key, value);
  if (comment === undefined) return { imported: { key, value: readable(key, value) } };
  const name = `${prefix}${variableName(key)}`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return {
    imported: { key, value: `\${env:${name}}`, ...(comment !== '' && { comment }) },
    variable: { name, value: isMasked(value) ? undefined : text },
  };
}

/** Why a value has no place in a file, as a comment; undefined where it has one. */
function whyApart(key: string, value: Value): string | undefined {
  if (isMasked(value)) return 'masked by the platform: the value has to come from elsewhere';
  // Whoever may write on the platform must not make apply read a variable or a file of this machine.
  if (hasReference(value)) return 'not written here, because it would be read as a reference';
  const holdsPassword = typeof value === 'string' && createMask([])(value) !== value;
  return isSecretKey(key) || holdsPassword ? '' : undefined;
}

/** The platform has strings for everything; a file is easier to read without. */
function readable(key: string, value: Value): Value {
  if (value === 'true') return true;
  if (value === 'false') return false;
  const isMinutes = key === 'event.poller.refresh_interval' && typeof value === 'string';
  return isMinutes && /^[1-9]\d*$/.test(value) ? Number(value) : value;
}

/** What is the platform's own, for the record: nothing that is left out is lost. */
function keptValues({ configuration }: LiveInstance): readonly ImportedValue[] {
  return [...(configuration ?? [])]
    .filter(([key, value]) => isPlatformDefault(key) && !isMasked(value) && !isSecretKey(key))
    .map(([key, value]) => ({ key, value: typeof value === 'string' ? createMask([])(value) : value }));
}
