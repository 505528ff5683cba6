import { createLineIndex, type LineIndex } from '../../input/line-index.ts';
import type { Problem } from '../../problem/problem.ts';
import { renderFrame } from '../code-frame.ts';
import { paint, type Paint } from '../paint.ts';
import { ruleUrl } from '../rule-url.ts';
import { visibleText } from '../visible-text.ts';
import { maskRanges } from '../mask-ranges.ts';
import { summarize, type CheckedFile, type Format, type ReportOptions, type Summary } from '../report.ts';
import { wrapText } from '../wrap-text.ts';

/** For people: a frame of the text with the place marked, why it matters, and the fix. */
const pretty: Format = (files, options) => {
  const style = paint(options.colour);
  const blocks = files.flatMap((file) => fileBlocks(file, style, options));
  return [...blocks, `${summaryLine(summarize(files), style)}\n`].join('\n');
};

export default pretty;

/** Longer lines of prose are hard to read. */
const widestProse = 100;

function fileBlocks(file: CheckedFile, style: Paint, options: ReportOptions): string[] {
  if (file.problems.length === 0) return [];
  // Masking keeps every length, so all offsets still hold.
  const lines = createLineIndex(maskRanges(file.text, file.secretRanges));
  return file.problems.map((problem) => problemBlock(file.name, problem, lines, style, options));
}

function problemBlock(
  name: string,
  problem: Problem,
  lines: LineIndex,
  style: Paint,
  { width, links }: ReportOptions,
): string {
  const { line, column } = lines.positionOf(problem.range.start);
  const severity = style[problem.severity](problem.severity);
  const rule = links ? link(problem.rule, ruleUrl(problem.rule)) : problem.rule;
  const head = `${severity} ${style.strong(visibleText(problem.message))}  ${style.faint(rule)}`;
  const frame = renderFrame(problem, name, lines, style, width);
  const notes = [
    ...(problem.help === undefined
      ? []
      : wrapText(visibleText(problem.help), Math.min(width, widestProse) - 4, '  = ', '    ')),
    ...(problem.fix === undefined ? [] : [fixNote(problem.fix)]),
  ];
  const place = `${style.faint('  -->')} ${visibleText(name)}:${line}:${column}`;
  return [head, place, ...frame, ...notes.map((note) => style.faint(note)), ''].join('\n');
}

/** As terminals take a link (OSC 8); others show the text alone. */
function link(text: string, url: string): string {
  return `\u001B]8;;${url}\u001B\\${text}\u001B]8;;\u001B\\`;
}

function fixNote({ safe, title }: NonNullable<Problem['fix']>): string {
  return safe ? `  = --fix can ${title}` : `  = --fix=all can ${title}; look at what it did`;
}

function summaryLine({ files, errors, warnings, infos, fixable, baselined }: Summary, style: Paint): string {
  if (files === 0) return 'no file was checked';
  const hidden = baselined > 0 ? `; ${baselined} more in the baseline` : '';
  const checked = `${files} file${plural(files)} checked${hidden}`;
  if (errors + warnings + infos === 0) return style.good(`no problems, ${checked}`);
  const counts = [
    errors > 0 && style.error(`${errors} error${plural(errors)}`),
    warnings > 0 && style.warning(`${warnings} warning${plural(warnings)}`),
    infos > 0 && style.info(`${infos} info${plural(infos)}`),
  ].filter(Boolean);
  const fixes = fixable > 0 ? `; --fix mends ${fixable}, --fix --diff shows it first` : '';
  return `${counts.join(', ')}, ${checked}${fixes}`;
}

function plural(count: number): string {
  return count === 1 ? '' : 's';
}
