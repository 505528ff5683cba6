import { SagecfgError } from '../problem/sagecfg-error.ts';

/**
 * Where records are read:
 * - `sage` the v3.1 API
 * - `sage-legacy` the v3 API behind Azure's API management
 * - `hub` the platform's own API, or one like it
 * - `recorded` pages from files
 * - `simulator` a local Sage, which speaks as `sage` does
 */
export type SourceKind = 'sage' | 'sage-legacy' | 'hub' | 'recorded' | 'simulator';

export interface SourceChoice {
  readonly kind: SourceKind;
  /** Where the recordings are; only of `recorded`. */
  readonly folder?: string;
}

const kinds: readonly SourceKind[] = ['sage', 'sage-legacy', 'hub', 'simulator'];

/** `hub`, `recorded:FOLDER`. */
export function parseSource(text: string): SourceChoice {
  const kind = kinds.find((each) => each === text);
  if (kind !== undefined) return { kind };
  const folder = /^recorded:(?<folder>.+)$/s.exec(text)?.groups?.['folder'];
  if (folder !== undefined) return { kind: 'recorded', folder };
  throw new SagecfgError(
    'usage',
    `--source ${JSON.stringify(text)}: expected ${kinds.join(', ')} or recorded:FOLDER`,
  );
}

/** Whether it reads with a grant of Sage's, and so keeps tokens in the state. */
export function usesGrant(kind: SourceKind): boolean {
  return kind !== 'hub' && kind !== 'recorded';
}
