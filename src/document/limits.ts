/** How much an input may cost. Each limit is a problem with its place when it is passed, and has a flag that raises it. */
export interface Limits {
  /** Size of an input in bytes of UTF-8. */
  readonly maxBytes: number;
  /** Levels of nesting. */
  readonly maxDepth: number;
  /** Values in the document once every alias is written out: what a small file with aliases of aliases explodes to. */
  readonly maxNodes: number;
}

export const defaultLimits: Limits = { maxBytes: 10_000_000, maxDepth: 100, maxNodes: 250_000 };
