import { severities } from '../problem/problem.ts';
import type { CheckedFile } from './report.ts';

/**
 * Lists so many problems of each file at most, the worst and then the first ones, in the order of the text. The others
 * still count: nobody reads ten thousand problems, and a report of them all takes longer than to find them.
 */
export function listWorst(file: CheckedFile, most: number): CheckedFile {
  if (file.problems.length <= most) return file;
  const bySeverity = Map.groupBy(file.problems, ({ severity }) => severity);
  // That not everything was read or counted comes first.
  const limits = file.problems.filter(({ rule }) => rule === 'too-large');
  const worstFirst = severities.flatMap((severity) => bySeverity.get(severity) ?? []);
  const worst = [...new Set([...limits, ...worstFirst])].slice(0, most);
  const listed = new Set(worst);
  return {
    ...file,
    problems: file.problems.filter((problem) => listed.has(problem)),
    unlisted: [...file.unlisted, ...file.problems.filter((problem) => !listed.has(problem))],
  };
}
