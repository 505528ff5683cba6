import type { Limits } from './limits.ts';
import { readAnyJson } from './read-any-json.ts';
import { readCleanJson } from './read-clean-json.ts';
import type { SourceDocument } from './source-document.ts';

/** Reads JSON, with comments. Offsets count from the start of `text`, a byte-order mark included. */
export function readJson(text: string, limits: Limits): SourceDocument {
  return readCleanJson(text, limits) ?? readAnyJson(text, limits);
}
