import { everywhere } from './editions.ts';
import type { SageResource } from './sage-resource.ts';

const known = new Set(Object.values(everywhere).flat());

/** Countries in which some edition of Sage has the resource, as two letters in the order of the alphabet. */
export function countriesOf({ editions }: SageResource): readonly string[] {
  return [...new Set(Object.values(editions).flat())].toSorted();
}

/** False only where the reference names other countries; of a country that it does not know, nothing can be said. */
export function isOfferedIn(resource: SageResource, country: string): boolean {
  const code = country.toUpperCase();
  return !known.has(code) || countriesOf(resource).includes(code);
}
