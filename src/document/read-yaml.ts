import { findCarriageReturns } from './carriage-returns.ts';
import type { Limits } from './limits.ts';
import { skipBlank } from './clean-reader.ts';
import { readAnyYaml } from './read-any-yaml.ts';
import { readCleanYaml } from './read-clean-yaml.ts';
import type { SourceDocument } from './source-document.ts';

/**
 * Reads every document of a YAML 1.2 text. Of two readers the fast one comes first: it takes what nearly every file is
 * made of, and leaves the rest to the one that also tells what is wrong. What both can read they read alike.
 */
export function readYaml(text: string, limits: Limits): readonly SourceDocument[] {
  const returns = findCarriageReturns(text);
  if (returns !== undefined) return [{ syntax: 'yaml', root: undefined, findings: [returns] }];
  if (isBlank(text)) return [{ syntax: 'yaml', root: undefined, findings: [] }];
  const document = readCleanYaml(text, limits);
  return document === undefined ? readAnyYaml(text, limits) : [document];
}

/** Megabytes of comments or of empty lines need no parser. */
function isBlank(text: string): boolean {
  return skipBlank(text, 0) >= text.length;
}
