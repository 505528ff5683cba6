import type { Leaf } from '../model/model.ts';
import { parsePollUrl, type PollUrl } from '../template/parse-poll-url.ts';

const byLeaf = new WeakMap<Leaf<string>, PollUrl>();
/** The first few hundred different ones: a thousand tenants poll the same URLs. */
const byText = new Map<string, PollUrl>();
const mostKept = 500;

/** The parts of an entry's URL, parsed once for all rules. */
export function pollUrlOf(leaf: Leaf<string>): PollUrl {
  const known = byLeaf.get(leaf);
  if (known !== undefined) return known;
  const url = byText.get(leaf.value) ?? parsePollUrl(leaf.value);
  byLeaf.set(leaf, url);
  if (byText.size < mostKept) byText.set(leaf.value, url);
  return url;
}
