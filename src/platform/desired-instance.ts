import { toValue, type Value } from '../document/to-value.ts';
import type { Instance } from '../model/model.ts';
import { resolveReferences, type ReferenceSources } from '../model/secret.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { isSecretKey } from './configuration-keys.ts';
import { isMasked } from './live-instance.ts';

/** An instance as a file wants it. Its values are as written: references are not resolved. */
export interface DesiredInstance {
  readonly file: string;
  readonly name: string;
  readonly elementKey: string;
  /** Of `x-instance-id`, or of an export: which live instance it is. */
  readonly id: string | undefined;
  /** Undefined where the file does not say. */
  readonly tags: readonly string[] | undefined;
  readonly configuration: ReadonlyMap<string, Value>;
  readonly providerData: Value | undefined;
  /** What a body has beside all that: `externalAuthentication`, `retrieveObjectsAfterInstantiation`. */
  readonly others: Readonly<Record<string, Value>>;
  readonly instance: Instance;
  /** Secrets that stand in the file. */
  readonly secrets: readonly string[];
}

/** Why a file's instance cannot be worked on. */
export interface RefusedInstance {
  readonly file: string;
  readonly name: string;
  readonly why: string;
}

const bodyKeys = ['externalAuthentication', 'retrieveObjectsAfterInstantiation'];

export function readDesired(
  instance: Instance,
  { file, secrets }: { readonly file: string; readonly secrets: readonly string[] },
): DesiredInstance | RefusedInstance {
  const name = instance.name?.value;
  const elementKey = instance.elementKey?.value;
  const refused = (why: string): RefusedInstance => ({ file, name: name ?? '(without a name)', why });
  if (instance.kind === 'poller-configuration')
    return refused('it is a bare poller configuration: put it into an instance body, with element and name');
  if (name === undefined || name === '')
    return refused('it has no "name", by which its live instance is found: give it one');
  if (elementKey === undefined) return refused('it has no "element" with a "key"');
  const body = fieldsOf(toValue(instance.node));
  const isExport = instance.kind === 'instance-export';
  const id = body.get('x-instance-id') ?? (isExport ? body.get('id') : undefined);
  return {
    file,
    name,
    elementKey,
    id: typeof id === 'number' || typeof id === 'string' ? String(id) : undefined,
    tags: readTags(body.get('tags')),
    configuration: readConfiguration(body.get('configuration'), isExport),
    providerData: body.get('providerData'),
    others: Object.fromEntries([...body].filter(([key]) => bodyKeys.includes(key))),
    instance,
    secrets,
  };
}

/** `${env:…}` or `${file:…}` is somewhere in it. */
export function hasReference(value: Value): boolean {
  return /\$\{(?:env|file):[^}]*\}/.test(JSON.stringify(value));
}

export type Resolved =
  | { readonly kind: 'known'; readonly value: Value }
  /** What it refers to is not there; `why` names the reference. */
  | { readonly kind: 'unknown'; readonly why: string };

/** The value with what its references refer to. */
export function resolveValue(value: Value, sources: ReferenceSources): Resolved {
  try {
    return { kind: 'known', value: resolve(value, sources) };
  } catch (error) {
    if (!(error instanceof SagecfgError)) throw error;
    return { kind: 'unknown', why: error.message };
  }
}

/** Every text that must not be shown: secrets of the file, and what its references refer to. */
export function secretsOf(desired: DesiredInstance, sources: ReferenceSources): readonly string[] {
  const values = [...desired.configuration, ['providerData', desired.providerData ?? null] as const];
  const resolved = values.flatMap(([key, value]) => {
    const isSecret = key === 'providerData' || isSecretKey(key);
    if (!isSecret && !hasReference(value)) return [];
    const known = resolveValue(value, sources);
    const texts = known.kind === 'known' ? textsIn(known.value) : [];
    return isSecret ? texts : texts.filter(({ length }) => length >= shortestHidden);
  });
  return [...desired.secrets, ...resolved];
}

/** What a reference of an ordinary key gives may be an ordinary word, such as `true`, which is everywhere. */
const shortestHidden = 6;

function readConfiguration(value: Value | undefined, isExport: boolean): ReadonlyMap<string, Value> {
  const wanted = [...fieldsOf(value ?? null)].filter(
    ([key, each]) => !key.startsWith('x-') && each !== null && !(isExport && isMasked(each)),
  );
  return new Map(wanted);
}

function readTags(value: Value | undefined): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((tag: Value) => {
    const text = typeof tag === 'object' ? fieldsOf(tag).get('name') : tag;
    return typeof text === 'string' ? [text] : [];
  });
}

function resolve(value: Value, sources: ReferenceSources): Value {
  if (typeof value === 'string') return resolveReferences(value, sources);
  if (Array.isArray(value)) return value.map((item: Value) => resolve(item, sources));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each, sources)]));
}

function textsIn(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The keys of an object; none of anything else. */
function fieldsOf(value: Value): ReadonlyMap<string, Value> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return new Map<string, Value>(isObject ? Object.entries(value) : []);
}
