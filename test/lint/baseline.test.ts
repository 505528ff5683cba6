import { describe, expect, it } from 'vitest';
import {
  findStale,
  hiddenIn,
  parseBaseline,
  renderBaseline,
  renewBaseline,
  type Baseline,
  type CheckedAgain,
} from '../../src/lint/baseline.ts';
import { fingerprintsOf } from '../../src/lint/fingerprint.ts';
import { lintText } from '../../src/lint/lint-text.ts';

const baseline: Baseline = [
  { file: 'b.yaml', rule: 'unknown-key', fingerprint: '2' },
  { file: 'a.yaml', rule: 'no-change-filter', fingerprint: '3' },
  { file: 'a.yaml', rule: 'insecure-callback', fingerprint: '1' },
];

function checked(
  file: string,
  problems: readonly (readonly [rule: string, fingerprint: string])[],
  off = '',
): CheckedAgain {
  return {
    file,
    problems: problems.map(([rule, fingerprint]) => ({ rule, fingerprint })),
    hasRun: (rule) => rule !== off,
  };
}

describe('the text', () => {
  it('is sorted, and has a line for each problem', () => {
    expect(renderBaseline(baseline)).toBe(`{
  "formatVersion": "1.0",
  "problems": {
    "a.yaml": {
      "insecure-callback": [
        "1"
      ],
      "no-change-filter": [
        "3"
      ]
    },
    "b.yaml": {
      "unknown-key": [
        "2"
      ]
    }
  }
}
`);
  });

  it('is the same whatever the order, and reads back', () => {
    const text = renderBaseline(baseline);
    expect(renderBaseline([...baseline, ...baseline].reverse())).toBe(text);
    expect(renderBaseline(parseBaseline(text, 'x'))).toBe(text);
  });

  it.each([
    '',
    '{}',
    '[]',
    '<<<<<<< ours',
    '{"formatVersion":"2.0","problems":{}}',
    '{"formatVersion":"1.0","problems":{"a":1}}',
  ])('that is %j is refused', (text) => {
    expect(() => parseBaseline(text, '.sagecfg-baseline.json')).toThrow(
      '.sagecfg-baseline.json is not a baseline',
    );
  });
});

describe('what is stale', () => {
  const stale = (again: readonly CheckedAgain[], gone: readonly string[] = []): readonly string[] =>
    findStale(baseline, again, (file) => !gone.includes(file)).map(({ fingerprint }) => fingerprint);

  it.each<[string, readonly CheckedAgain[], readonly string[], readonly string[]]>([
    ['nothing of files that were not checked', [], [], []],
    ['all of a file that is gone', [], ['a.yaml'], ['3', '1']],
    ['what was not found again', [checked('a.yaml', [['no-change-filter', '3']])], [], ['1']],
    [
      'nothing, where all was found again',
      [
        checked('b.yaml', [
          ['unknown-key', '2'],
          ['unknown-key', '9'],
        ]),
      ],
      [],
      [],
    ],
    [
      'nothing of a rule that is off',
      [checked('a.yaml', [['no-change-filter', '3']], 'insecure-callback')],
      [],
      [],
    ],
    ['nothing of a file that could not be read', [checked('a.yaml', [['syntax', '7']])], [], []],
  ])('is %s', (_, again, gone, expected) => {
    expect(stale(again, gone)).toEqual(expected);
  });
});

it('hides by file and fingerprint, and never that a file could not be checked', () => {
  const broken = [...baseline, { file: 'a.yaml', rule: 'syntax', fingerprint: '8' }];
  expect([...hiddenIn(broken, 'a.yaml')].sort()).toEqual(['1', '3']);
  expect(hiddenIn(broken, 'c.yaml').size).toBe(0);
});

it('is renewed for the files that were checked, and keeps the others', () => {
  const again = [
    checked('a.yaml', [
      ['no-change-filter', '3'],
      ['unknown-key', '5'],
    ]),
  ];
  const renewed = renewBaseline(baseline, again, () => true);
  expect(renderBaseline(renewed)).toBe(
    renderBaseline([
      { file: 'a.yaml', rule: 'no-change-filter', fingerprint: '3' },
      { file: 'a.yaml', rule: 'unknown-key', fingerprint: '5' },
      { file: 'b.yaml', rule: 'unknown-key', fingerprint: '2' },
    ]),
  );
});

describe('a fingerprint', () => {
  const of = (text: string, file = 'a.yaml'): readonly string[] => {
    const { problems } = lintText(text);
    return problems.map(fingerprintsOf(file, problems));
  };
  const text = 'customers:\n  url: /hubs/finance/customers\n';

  it('stays when lines move, and when other problems come', () => {
    const moved = of(`# a comment\n\n${text}`);
    expect(moved).toEqual(of(text));
    const among = of(`vendors:\n  url: /hubs/finance/vendors\n${text}`);
    expect(among).toEqual(expect.arrayContaining([...moved]));
  });

  it('is another in another file, and for each of those that look alike', () => {
    const both = [...of(text), ...of(text, 'b.yaml'), ...of(`${text}---\n${text}`).slice(of(text).length)];
    expect(new Set(both).size).toBe(3 * of(text).length);
  });
});
