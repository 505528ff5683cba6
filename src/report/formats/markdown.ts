import { createLineIndex } from '../../input/line-index.ts';
import { severities, type Severity } from '../../problem/problem.ts';
import { summarize, type CheckedFile, type Format, type Summary } from '../report.ts';
import { ruleUrl } from '../rule-url.ts';
import { visibleText } from '../visible-text.ts';

/** A job summary on GitHub may be 1 MiB; nobody reads that much. */
const mostRows = 500;

/** A table for a job summary or a comment, the worst first. */
const markdown: Format = (files) => {
  const summary = summarize(files);
  const rows = files.flatMap(rowsOf).sort((left, right) => rankOf(left) - rankOf(right));
  const hidden = rows.length - mostRows;
  return [
    `### sagecfg: ${headline(summary)}`,
    '',
    ...(rows.length === 0 ? [] : ['| Severity | Place | Problem | Rule |', '| --- | --- | --- | --- |']),
    ...rows.slice(0, mostRows).map(({ text }) => text),
    ...(hidden > 0 ? ['', `${hidden} more are in the log.`] : []),
    ...(summary.baselined > 0 ? ['', `${summary.baselined} more are in the baseline.`] : []),
    '',
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
};

export default markdown;

interface Row {
  readonly severity: Severity;
  readonly text: string;
}

function rankOf({ severity }: Row): number {
  return severities.indexOf(severity);
}

function rowsOf({ name, text, problems }: CheckedFile): Row[] {
  const lines = createLineIndex(text);
  return problems.map(({ range, severity, rule, message }) => {
    const { line, column } = lines.positionOf(range.start);
    const cells = [severity, escapeMarkdown(`${name}:${line}:${column}`), escapeMarkdown(message)];
    return { severity, text: `| ${cells.join(' | ')} | [${rule}](${ruleUrl(rule)}) |` };
  });
}

function headline({ files, errors, warnings, infos }: Summary): string {
  const counts = [
    [errors, 'error'],
    [warnings, 'warning'],
    [infos, 'info'],
  ] as const;
  const found = counts.filter(([count]) => count > 0).map(([count, what]) => plural(count, what));
  return `${found.length === 0 ? 'no problems' : found.join(', ')} in ${plural(files, 'file')}`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Markdown takes a backslash before any punctuation; nothing from a file may become markup. */
function escapeMarkdown(text: string): string {
  return visibleText(text).replaceAll(/[\\`*_{}[\]()<>#+!|~&@]/g, String.raw`\$&`);
}
