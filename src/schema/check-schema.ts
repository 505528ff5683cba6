import type { ErrorObject } from 'ajv';
import { pointerTokens } from '../document/json-pointer.ts';
import { locate, type Location } from '../document/locate.ts';
import type { Node } from '../document/node.ts';
import { toValue } from '../document/to-value.ts';
import type { Finding, Fix, RelatedRange } from '../problem/problem.ts';
import { checkConfigurationKeys } from './check-configuration-keys.ts';
import type { DocumentKind } from './document-kind.ts';
import { describeInvalidValue, isSecretSchema } from './invalid-value.ts';
import { describeKeys } from './unknown-keys.ts';
import type { SchemaFault } from './schema-fault.ts';
import { validatorOf, type SchemaName } from './validators.ts';

/** Validates the tree at `pointer` of its document as what `kind` says it is. One finding for one mistake. */
export function checkSchema(root: Node, kind: DocumentKind, pointer: string): Finding[] {
  const location = locate(root, pointer);
  if (location === undefined) return [];
  const node = kind === 'instance-export' ? withoutNulls(location.node) : location.node;
  const faults = schemaFaults(node, kind);
  const ofKeys = kind === 'poller-configuration' ? [] : checkConfigurationKeys(node, faults);
  return [...faults, ...ofKeys].map((fault) => toFinding(root, pointer, fault));
}

/** Validates a settings file. */
export function checkSettings(root: Node): Finding[] {
  return schemaFaults(root, 'settings').map((fault) => toFinding(root, '', fault));
}

/** The platform answers null for what is not set. */
function withoutNulls(node: Node): Node {
  if (node.kind !== 'mapping') return node;
  const entries = node.entries
    .filter(({ value }) => value.kind !== 'scalar' || value.value !== null)
    .map((entry) => (entry.key === 'configuration' ? { ...entry, value: withoutNulls(entry.value) } : entry));
  return { ...node, entries };
}

function schemaFaults(node: Node, schema: SchemaName): SchemaFault[] {
  const validate = validatorOf(schema);
  if (validate(toValue(node))) return [];
  const errors = withoutEchoes(validate.errors ?? []);
  return [...keyFaults(errors), ...errors.flatMap((error) => valueFault(error))];
}

/** Errors that only say that another one happened, and those about the insides of a value of the wrong type. */
function withoutEchoes(errors: readonly ErrorObject[]): ErrorObject[] {
  const mistyped = new Set(
    errors.filter((error) => error.keyword === 'type').map((error) => error.instancePath),
  );
  const seen = new Set<string>();
  return errors.filter((error) => {
    if (['if', 'allOf', 'anyOf', 'oneOf'].includes(error.keyword)) return false;
    if (error.keyword !== 'type' && mistyped.has(error.instancePath)) return false;
    const key = isAboutKeys(error) ? JSON.stringify([error.instancePath, error.params]) : error.instancePath;
    return !seen.has(key) && seen.add(key);
  });
}

function isAboutKeys({ keyword }: ErrorObject): boolean {
  return keyword === 'required' || keyword === 'additionalProperties';
}

/** Missing and unknown keys of one object are told together, so that a misspelt key is one mistake. */
function keyFaults(errors: readonly ErrorObject[]): SchemaFault[] {
  const byObject = Map.groupBy(errors.filter(isAboutKeys), (error) => error.instancePath);
  return [...byObject].flatMap(([pointer, group]) =>
    describeKeys({
      pointer,
      missing: group.flatMap((error) => missingKey(error)),
      unknown: group.flatMap((error) =>
        error.keyword === 'required' ? [] : [String(error.params['additionalProperty'])],
      ),
      present: new Set(Object.keys(group[0]?.data ?? {})),
      known: [...new Set(group.flatMap((error) => Object.keys(error.parentSchema?.['properties'] ?? {})))],
    }).map((fault) => ({ ...fault, at: 'key' as const })),
  );
}

function missingKey(
  error: ErrorObject,
): { readonly key: string; readonly description: string | undefined }[] {
  if (error.keyword !== 'required') return [];
  const key = String(error.params['missingProperty']);
  const description: unknown = error.parentSchema?.['properties']?.[key]?.description;
  return [{ key, description: typeof description === 'string' ? description : undefined }];
}

function valueFault(error: ErrorObject): SchemaFault[] {
  if (isAboutKeys(error)) return [];
  const described = describeInvalidValue(error, isSecretSchema(error.parentSchema));
  return [{ ...described, pointer: error.instancePath, at: 'value' }];
}

function toFinding(root: Node, base: string, { at, rename, ...fault }: SchemaFault): Finding {
  const pointer = base + fault.pointer;
  const location = locate(root, pointer) ?? parentOf(root, pointer);
  const isEmpty = location.node.range.start === location.node.range.end;
  const range = at === 'key' || isEmpty ? keyRangeOf(location) : location.node.range;
  const related = throughAliases(location);
  return {
    ...fault,
    pointer,
    range,
    ...(related.length > 0 && { related }),
    ...(rename && { fix: renameFix(location, rename, pointerTokens(pointer).at(-1) ?? '') }),
  };
}

/** A missing key has no place of its own: the key of the object that lacks it is marked, or the object's first line. */
function parentOf(root: Node, pointer: string): Location {
  const parent = locate(root, pointer.slice(0, pointer.lastIndexOf('/')));
  return parent ?? { node: root, keyRange: root.range, via: [] };
}

function keyRangeOf({ keyRange, node }: Location): { readonly start: number; readonly end: number } {
  const isWholeCollection = keyRange === node.range && node.kind !== 'scalar';
  if (!isWholeCollection) return keyRange;
  const firstKey = node.kind === 'mapping' && !node.flow ? node.entries[0]?.keyRange : undefined;
  return firstKey ?? { start: node.range.start, end: Math.min(node.range.start + 1, node.range.end) };
}

function throughAliases({ via }: Location): RelatedRange[] {
  return via.map((range) => ({ range, message: 'came in here' }));
}

function renameFix(
  location: Location,
  { to, safe }: { readonly to: string; readonly safe: boolean },
  key: string,
): Fix {
  const { start, end } = location.keyRange;
  const quotes = end - start === key.length ? 0 : 1;
  const range = { start: start + quotes, end: end - quotes };
  return { safe, title: `rename the key to "${to}"`, edits: [{ range, text: to }] };
}
