import type { Leaf } from '../model/model.ts';
import { parsePollUrl } from '../template/parse-poll-url.ts';
import type { PollUrl } from '../template/poll-url.ts';
import { readableUrl } from './url-characters.ts';

const byLeaf = new WeakMap<Leaf<string>, PollUrl>();
/** The first few hundred different ones: a thousand tenants poll the same URLs. */
const byText = new Map<string, PollUrl>();
const mostKept = 500;
/** Real ones have under 300 characters. */
const longestKept = 1000;

/** The parts of an entry's URL, parsed once for all rules. */
export function pollUrlOf(leaf: Leaf<string>): PollUrl {
  const known = byText.get(leaf.value) ?? byLeaf.get(leaf);
  if (known !== undefined) return known;
  const url = parsePollUrl(readableUrl(leaf.value));
  if (byText.size < mostKept && url.source.length < longestKept) byText.set(leaf.value, url);
  else byLeaf.set(leaf, url);
  return url;
}
