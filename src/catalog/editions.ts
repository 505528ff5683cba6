type Edition = 'Start' | 'Standard' | 'Plus';

/** Countries by edition, as two letters; an edition that lacks the resource is left out. */
export type Editions = Readonly<Partial<Record<Edition, readonly string[]>>>;

// Those of the reference of February 2025. The reference of 2026 names CA, GB and IE only.
const countries = ['CA', 'ES', 'FR', 'GB', 'IE', 'US'];
const standardCountries = ['GB', 'IE'];

export const everywhere: Editions = { Start: countries, Standard: standardCountries, Plus: countries };
export const standardAndPlus: Editions = { Standard: standardCountries, Plus: countries };
export const plusOnly: Editions = { Plus: countries };

/** The same countries in every edition. */
export function allEditions(...only: readonly string[]): Editions {
  return { Start: only, Standard: only, Plus: only };
}
