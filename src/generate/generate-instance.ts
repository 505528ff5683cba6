import { recommendedEntry } from '../catalog/recommended-entry.ts';
import type { SageResource } from '../catalog/sage-resource.ts';
import { toFields } from './fields.ts';
import { readGenerator } from './generator.ts';
import type { Language } from './quote.ts';
import { render } from './render.ts';

/** An instance body that polls the resources, complete but for the secrets, which are references. */
export function generateInstance(resources: readonly SageResource[], language: Language): string {
  const entries = resources.map((resource) => [resource.name, { ...recommendedEntry(resource) }]);
  return render(readGenerator('instance'), language, { fields: toFields(Object.fromEntries(entries)) });
}
