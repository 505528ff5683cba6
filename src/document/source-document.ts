import type { Finding } from '../problem/problem.ts';
import type { Node } from './node.ts';

export type Syntax = 'yaml' | 'json';

/** One document of an input: what could be read, and what could not. Reading never throws for what a text holds. */
export interface SourceDocument {
  readonly syntax: Syntax;
  /** Undefined for an empty document and for one that is not worth reading further. */
  readonly root: Node | undefined;
  readonly findings: readonly Finding[];
}
