import { createLineIndex } from '../../input/line-index.ts';
import type { Severity } from '../../problem/problem.ts';
import type { Format } from '../report.ts';

const gitlabSeverities: Record<Severity, string> = { error: 'major', warning: 'minor', info: 'info' };

/** A code quality report, which GitLab shows in merge requests. It knows a problem again by its fingerprint alone. */
const gitlab: Format = (files) => {
  const issues = files.flatMap(({ name, text, problems }) => {
    const lines = createLineIndex(text);
    return problems.map(({ range, severity, rule, message, help, fingerprint }) => ({
      description: message,
      check_name: rule,
      fingerprint,
      severity: gitlabSeverities[severity],
      location: {
        path: name,
        lines: { begin: lines.positionOf(range.start).line, end: lines.positionOf(range.end).line },
      },
      ...(help !== undefined && { content: { body: help } }),
    }));
  });
  return `${JSON.stringify(issues, undefined, 2)}\n`;
};

export default gitlab;
