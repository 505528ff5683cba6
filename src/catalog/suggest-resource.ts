import { didYouMean } from '../problem/did-you-mean.ts';
import { listResources } from './sage-resource.ts';

const namesByWord = new Map(
  listResources().flatMap(({ name, aliases, endpoint }) =>
    // Two resources may share an endpoint: the one without a query of its own stands for it.
    [name, ...aliases, ...(isMainOf(endpoint, name) ? [endpoint.slice(1)] : [])].map(
      (word) => [word, name] as const,
    ),
  ),
);

/** Several rules ask about the same name, and each answer takes a comparison with every word. */
const suggestions = new Map<string, string | undefined>();

/** The hub name that was most likely meant: `invoices` for `sales_invoices`, `vendors` for `Suppliers`. */
export function suggestResource(name: string): string | undefined {
  if (!suggestions.has(name)) suggestions.set(name, findSuggestion(name));
  return suggestions.get(name);
}

function findSuggestion(name: string): string | undefined {
  const known = namesByWord.get(name);
  if (known !== undefined) return known;
  const word = didYouMean(name, namesByWord.keys());
  return word === undefined ? undefined : namesByWord.get(word);
}

function isMainOf(endpoint: string, name: string): boolean {
  const plain = listResources().find(
    (resource) => resource.endpoint === endpoint && Object.keys(resource.query).length === 0,
  );
  return plain?.name === name;
}
