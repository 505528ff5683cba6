import { createHash } from 'node:crypto';
import type { Problem } from '../problem/problem.ts';

/**
 * Names a problem so that it is known again after lines have moved: file, rule, pointer and message, and a number for
 * those that would otherwise be equal.
 */
export function fingerprintsOf(file: string, problems: readonly Problem[]): string[] {
  const counts = new Map<string, number>();
  return problems.map(({ rule, pointer, message }) => {
    const identity = JSON.stringify([file, rule, pointer, message]);
    const ordinal = counts.get(identity) ?? 0;
    counts.set(identity, ordinal + 1);
    return createHash('sha256').update(`${identity}#${ordinal}`).digest('hex').slice(0, 16);
  });
}
