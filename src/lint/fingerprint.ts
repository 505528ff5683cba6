import { createHash } from 'node:crypto';
import type { Problem } from '../problem/problem.ts';

/**
 * Names each problem of a file so that it is known again after lines have moved: file, rule, pointer and message, and a
 * number for those that would otherwise be equal. Give it all problems of the file, whatever is shown of them, or the
 * numbers shift. `file` is the name that everybody who works on the project would use, wherever they run the command.
 * Only what is asked for is worked out: a file may have a hundred thousand problems, of which few are shown.
 */
export function fingerprintsOf(file: string, problems: readonly Problem[]): (problem: Problem) => string {
  const byPointer = Map.groupBy(problems, ({ pointer }) => pointer);
  const ordinals = new Map<string, ReadonlyMap<Problem, number>>();
  return (problem) => {
    const { rule, pointer, message } = problem;
    const known = ordinals.get(pointer) ?? numberEqual(byPointer.get(pointer) ?? []);
    ordinals.set(pointer, known);
    const identity = JSON.stringify([file, rule, pointer, message]);
    return createHash('sha256')
      .update(`${identity}#${known.get(problem) ?? 0}`)
      .digest('hex')
      .slice(0, 16);
  };
}

/** How many of the same rule and message come before each problem. */
function numberEqual(problems: readonly Problem[]): ReadonlyMap<Problem, number> {
  const counts = new Map<string, number>();
  return new Map(
    problems.map((problem) => {
      const identity = JSON.stringify([problem.rule, problem.message]);
      const ordinal = counts.get(identity) ?? 0;
      counts.set(identity, ordinal + 1);
      return [problem, ordinal] as const;
    }),
  );
}
