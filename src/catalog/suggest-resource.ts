import { didYouMean } from '../problem/did-you-mean.ts';
import { listResources } from './sage-resource.ts';

let namesByWord: ReadonlyMap<string, string> | undefined;

/** Several rules ask about the same name, and each answer takes a comparison with every word. */
const suggestions = new Map<string, string | undefined>();

/** The hub name that was most likely meant: `invoices` for `sales_invoices`, `vendors` for `Suppliers`. */
export function suggestResource(name: string): string | undefined {
  if (!suggestions.has(name)) suggestions.set(name, findSuggestion(name));
  return suggestions.get(name);
}

function findSuggestion(name: string): string | undefined {
  namesByWord ??= listNames();
  const known = namesByWord.get(name);
  if (known !== undefined) return known;
  const word = didYouMean(name, namesByWord.keys());
  return word === undefined ? undefined : namesByWord.get(word);
}

function listNames(): ReadonlyMap<string, string> {
  const resources = listResources();
  // Two resources may share an endpoint: the first one without a query of its own stands for it.
  const plain = resources.filter(({ query }) => Object.keys(query).length === 0);
  const mains = new Map(plain.toReversed().map((resource) => [resource.endpoint, resource]));
  return new Map(
    resources.flatMap((resource) => {
      const { name, aliases, endpoint } = resource;
      const words = [name, ...aliases, ...(mains.get(endpoint) === resource ? [endpoint.slice(1)] : [])];
      return words.map((word) => [word, name] as const);
    }),
  );
}
