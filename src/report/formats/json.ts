import { createLineIndex, type LineIndex } from '../../input/line-index.ts';
import type { Problem, Range } from '../../problem/problem.ts';
import { summarize, type CheckedFile, type Format } from '../report.ts';
import { ruleUrl } from '../rule-url.ts';

/** The contract, version 1.0: `schemas/report.schema.json`. */
const json: Format = (files, { toolVersion }) => {
  const report = {
    formatVersion: '1.0',
    tool: { name: 'sagecfg', version: toolVersion },
    summary: summarize(files),
    problems: files.flatMap(problemsOf),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
};

export default json;

function problemsOf({ name, text, problems, fingerprintOf }: CheckedFile) {
  const lines = createLineIndex(text);
  return problems.map((problem) => ({
    file: name,
    rule: problem.rule,
    severity: problem.severity,
    message: problem.message,
    help: problem.help ?? null,
    ...placeOf(problem.range, lines),
    pointer: problem.pointer,
    related: (problem.related ?? []).map(({ message, range }) => ({ message, ...placeOf(range, lines) })),
    fix: fixOf(problem),
    fingerprint: fingerprintOf(problem),
    url: ruleUrl(problem.rule),
  }));
}

function placeOf({ start, end }: Range, lines: LineIndex) {
  const first = lines.positionOf(start);
  const last = lines.positionOf(end);
  return {
    line: first.line,
    column: first.column,
    endLine: last.line,
    endColumn: last.column,
    offset: start,
    endOffset: end,
  };
}

function fixOf({ fix }: Problem) {
  if (fix === undefined) return null;
  const edits = fix.edits.map(({ range, text }) => ({
    offset: range.start,
    length: range.end - range.start,
    text,
  }));
  return { safe: fix.safe, edits };
}
