import type { Leaf } from '../model/model.ts';
import { parsePollUrl, type PollUrl } from '../template/parse-poll-url.ts';

const parsed = new WeakMap<Leaf<string>, PollUrl>();

/** The parts of an entry's URL, parsed once for all rules. */
export function pollUrlOf(leaf: Leaf<string>): PollUrl {
  const known = parsed.get(leaf);
  if (known !== undefined) return known;
  const url = parsePollUrl(leaf.value);
  parsed.set(leaf, url);
  return url;
}
