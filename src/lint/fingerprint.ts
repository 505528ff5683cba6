import { createHash } from 'node:crypto';
import type { Problem } from '../problem/problem.ts';

/**
 * Names each problem of a file so that it is known again after lines have moved: file, rule, pointer and message, and a
 * number for those that would otherwise be equal. Give it all problems of the file, whatever is shown of them, or the
 * numbers shift. `file` is the name that everybody who works on the project would use, wherever they run the command.
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
