import { createLineIndex, type LineIndex } from '../../input/line-index.ts';
import type { Problem } from '../../problem/problem.ts';
import { renderFrame } from '../code-frame.ts';
import { paint, type Paint } from '../paint.ts';
import { maskRanges } from '../mask-ranges.ts';
import { summarize, type CheckedFile, type Format, type Summary } from '../report.ts';
import { wrapText } from '../wrap-text.ts';

/** For people: a frame of the text with the place marked, why it matters, and the fix. */
const pretty: Format = (files, { colour, width }) => {
  const style = paint(colour);
  const blocks = files.flatMap((file) => fileBlocks(file, style, width));
  return [...blocks, `${summaryLine(summarize(files), style)}\n`].join('\n');
};

export default pretty;

function fileBlocks(file: CheckedFile, style: Paint, width: number): string[] {
  if (file.problems.length === 0) return [];
  // Masking keeps every length, so all offsets still hold.
  const lines = createLineIndex(maskRanges(file.text, file.secretRanges));
  return file.problems.map((problem) => problemBlock(file.name, problem, lines, style, width));
}

function problemBlock(name: string, problem: Problem, lines: LineIndex, style: Paint, width: number): string {
  const { line, column } = lines.positionOf(problem.range.start);
  const severity = style[problem.severity](problem.severity);
  const head = `${severity} ${style.strong(problem.message)}  ${style.faint(problem.rule)}`;
  const frame = renderFrame(problem, name, lines, style, width);
  const notes = [
    ...(problem.help === undefined ? [] : wrapText(problem.help, width - 4, '  = ', '    ')),
    ...(problem.fix === undefined ? [] : [fixNote(problem.fix)]),
  ];
  const place = `${style.faint('  -->')} ${name}:${line}:${column}`;
  return [head, place, ...frame, ...notes.map((note) => style.faint(note)), ''].join('\n');
}

function fixNote({ safe, title }: NonNullable<Problem['fix']>): string {
  return safe ? `  = --fix can ${title}` : `  = --fix=all can ${title}; look at what it did`;
}

function summaryLine({ files, errors, warnings, infos, fixable }: Summary, style: Paint): string {
  if (files === 0) return 'no file was checked';
  const checked = `${files} file${plural(files)} checked`;
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
