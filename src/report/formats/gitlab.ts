import { createLineIndex } from '../../input/line-index.ts';
import type { Severity } from '../../problem/problem.ts';
import type { Format } from '../report.ts';

const gitlabSeverities: Record<Severity, string> = { error: 'major', warning: 'minor', info: 'info' };

/** A code quality report, which GitLab shows in merge requests. It knows a problem again by its fingerprint alone. */
const gitlab: Format = (files) => {
  const issues = files.flatMap(({ name, text, problems, fingerprintOf }) => {
    const lines = createLineIndex(text);
    return problems.map((problem) => ({
      description: problem.message,
      check_name: problem.rule,
      fingerprint: fingerprintOf(problem),
      severity: gitlabSeverities[problem.severity],
      location: {
        path: name,
        lines: {
          begin: lines.positionOf(problem.range.start).line,
          end: lines.positionOf(problem.range.end).line,
        },
      },
      ...(problem.help !== undefined && { content: { body: problem.help } }),
    }));
  });
  return `${JSON.stringify(issues, undefined, 2)}\n`;
};

export default gitlab;
