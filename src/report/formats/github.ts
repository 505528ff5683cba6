import { createLineIndex } from '../../input/line-index.ts';
import { severities, type Severity } from '../../problem/problem.ts';
import type { Format } from '../report.ts';
import { visibleText } from '../visible-text.ts';

const commands: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

/** GitHub shows ten annotations of a kind a step: the worst come first, and the rest is announced. */
const mostShown = 10;

/** Workflow commands: GitHub Actions turns them into annotations at the lines. */
const github: Format = (files) => {
  const annotations = files.flatMap(({ name, text, problems }) => {
    const lines = createLineIndex(text);
    return problems.map((problem) => {
      const start = lines.positionOf(problem.range.start);
      const end = lines.positionOf(problem.range.end);
      const place = [
        `file=${escapeProperty(name)}`,
        `line=${start.line}`,
        `endLine=${end.line}`,
        `col=${start.column}`,
      ];
      if (end.line === start.line) place.push(`endColumn=${end.column}`);
      const title = escapeProperty(`sagecfg ${problem.rule}`);
      const message = escapeMessage([problem.message, problem.help].filter(Boolean).join('\n'));
      return {
        severity: problem.severity,
        line: `::${commands[problem.severity]} ${place.join(',')},title=${title}::${message}`,
      };
    });
  });
  annotations.sort((left, right) => severities.indexOf(left.severity) - severities.indexOf(right.severity));
  const hidden = Math.max(0, annotations.length - mostShown);
  const notice =
    hidden > 0
      ? [
          `::notice title=sagecfg::${hidden} more; GitHub shows ${mostShown} annotations a step, the log has them all`,
        ]
      : [];
  return [...notice, ...annotations.map(({ line }) => line)].map((line) => `${visibleText(line)}\n`).join('');
};

export default github;

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
