import { recommendedEntry } from '../catalog/recommended-entry.ts';
import type { SageResource } from '../catalog/sage-resource.ts';
import { toFields, type ObjectValue } from './fields.ts';
import { readGenerator } from './generator.ts';
import type { Language } from './quote.ts';

/** The country that stands in the template of a new instance, until its author writes another. */
export const newInstanceCountry = 'GB';

/** An instance body that polls the resources, complete but for the secrets, which are references. */
export function generateInstance(resources: readonly SageResource[], language: Language): string {
  const entries = resources.map((resource) => [resource.name, { ...recommendedEntry(resource) }]);
  return renderConfiguration('instance', language, Object.fromEntries(entries));
}

/** Entries as they are written out: keys and values, indented by two blanks. */
export function renderEntries(entries: ObjectValue, language: Language): string {
  return renderConfiguration('entries', language, entries);
}

function renderConfiguration(
  generator: 'instance' | 'entries',
  language: Language,
  entries: ObjectValue,
): string {
  const file = readGenerator(generator).files.find(({ format }) => format === language);
  if (file === undefined) throw new Error(`generator "${generator}" has no template for ${language}`);
  return file.render({ configuration: toFields(entries) });
}
