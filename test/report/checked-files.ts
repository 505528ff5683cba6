import type { CheckedFile } from '../../src/report/report.ts';
import { toCheckedFile } from '../../src/report/report.ts';
import type { Problem } from '../../src/problem/problem.ts';

const noSecrets = { ranges: [], texts: [], maskAt: () => (message: string) => message };

/** One file for each thing that a format may stumble over. */
export function awkwardFiles(): readonly CheckedFile[] {
  return [
    checked('plain.yaml', 'a: 1\nb: 2\n', [
      problem('insecure-callback', 'warning', [3, 4], { pointer: '/a' }),
      problem('insecure-callback', 'warning', [8, 9], { pointer: '/a' }),
    ]),
    checked('tenants/näme with blank%, 100#1:2.yaml', 'x: "<&>"\n', [
      problem('unknown-key', 'error', [3, 8], {
        message: `a "quoted" <tag> & 'more' | ]]> \u0007 \uD800`,
        help: 'Two\nlines, with | and <b>.',
        pointer: '/x~1y',
        related: [
          { range: { start: 0, end: 1 }, message: 'first <here>' },
          { range: { start: 0, end: 9 }, message: 'and here' },
        ],
        fix: { safe: false, title: 'write "x"', edits: [{ range: { start: 3, end: 8 }, text: '\n' }] },
      }),
    ]),
    checked('empty.json', '', [problem('syntax', 'error', [0, 0], {})]),
    checked('end.json', '{}\n', [problem('syntax', 'info', [3, 3], {})]),
    checked('<stdin>', 'a\r\nb', [problem('syntax', 'error', [0, 4], {})]),
    checked('/elsewhere/a b.yaml', 'a', [problem('syntax', 'error', [0, 1], {})]),
    checked('clean.yaml', 'a: 1\n', []),
  ];
}

function checked(name: string, text: string, problems: readonly Problem[]): CheckedFile {
  return toCheckedFile(name, { text, problems, secrets: noSecrets });
}

function problem(
  rule: string,
  severity: Problem['severity'],
  [start, end]: readonly [number, number],
  more: Partial<Problem>,
): Problem {
  return { rule, severity, range: { start, end }, message: 'something is wrong', pointer: '', ...more };
}
