import { createLineIndex, type LineIndex } from '../../input/line-index.ts';
import type { Problem } from '../../problem/problem.ts';
import { summarize, type CheckedFile, type Format } from '../report.ts';
import { escapeXml, xmlElement, xmlHead } from '../xml.ts';

/**
 * As JUnit reports tests: a suite for each file, a failed test for each error. Warnings and infos are tests that passed
 * and said something, because they do not make the exit code 1 either.
 */
const junit: Format = (files) => {
  const counts = { tests: files.reduce((sum, file) => sum + testsOf(file), 0), errors: 0, time: 0 };
  const failures = summarize(files).errors;
  const suites = files.map(suiteElement);
  return `${xmlHead}\n${xmlElement('testsuites', { name: 'sagecfg', ...counts, failures }, suites)}\n`;
};

export default junit;

/** A file without problems is one test that passed. */
function testsOf({ problems }: CheckedFile): number {
  return Math.max(problems.length, 1);
}

function suiteElement(file: CheckedFile): string {
  const lines = createLineIndex(file.text);
  const failures = file.problems.filter(({ severity }) => severity === 'error').length;
  const counts = { tests: testsOf(file), failures, errors: 0, skipped: 0, time: 0 };
  const cases = file.problems.map((problem) => caseElement(file.name, problem, lines));
  const clean = xmlElement('testcase', { name: 'no problems', classname: file.name, time: 0 });
  return xmlElement('testsuite', { name: file.name, ...counts }, cases.length === 0 ? [clean] : cases);
}

function caseElement(file: string, problem: Problem, lines: LineIndex): string {
  const { range, rule, severity, message, help } = problem;
  const { line, column } = lines.positionOf(range.start);
  const place = `${file}:${line}:${column}`;
  const said = [`${place} ${severity} ${message}`, ...(help === undefined ? [] : [help])].map(escapeXml);
  const outcome =
    severity === 'error'
      ? xmlElement('failure', { message, type: rule }, said)
      : xmlElement('system-out', {}, said);
  return xmlElement('testcase', { name: `${rule} at ${line}:${column}`, classname: file, time: 0 }, [
    outcome,
  ]);
}
