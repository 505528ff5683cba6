import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/document/apply-edits.ts';
import { readDocuments } from '../../src/document/read-documents.ts';

/** The text, with its mistake between ⟦ and ⟧; what is said of it; and the text once it is mended, where it can be. */
type Slip = readonly [slip: string, text: string, says: string, mended?: string];

const slips: readonly Slip[] = [
  [
    'no blank behind a colon',
    'a:\n  b: "x"\n  ⟦idField:⟧id\n  d: e\n',
    'no blank behind "idField:": expected "idField: …"',
    'a:\n  b: "x"\n  idField: id\n  d: e\n',
  ],
  [
    'no blank behind a colon in the last line',
    'a:\n  b: x\n  ⟦idField:⟧id\n',
    'no blank behind "idField:": expected "idField: …"',
    'a:\n  b: x\n  idField: id\n',
  ],
  [
    'an equals sign',
    'a:\n  b: "x"\n  ⟦country =⟧ GB\n  d: e\n',
    '"=" behind the key "country": expected "country: …"',
    'a:\n  b: "x"\n  country: GB\n  d: e\n',
  ],
  [
    'a line without a colon',
    'a:\n  b: "x"\n  ⟦idField id⟧\n  d: e\n',
    'the line has no colon: expected "KEY: VALUE"',
  ],
  [
    'a comment as other languages have it',
    'a:\n  ⟦//⟧ mine\n  b: c\n',
    '"//" begins no comment in YAML: expected "#"',
    'a:\n  # mine\n  b: c\n',
  ],
  [
    'a comment of that kind behind a value',
    'a:\n  b: "c" ⟦//⟧ mine\n',
    '"//" begins no comment in YAML: expected "#"',
    'a:\n  b: "c" # mine\n',
  ],
  [
    'a column between two others',
    'a:\n  b: "x"\n ⟦c⟧: d\n',
    '"c" begins after 1 blank: expected 0 or 2, as the lines above',
  ],
  [
    'a blank too many',
    'a:\n  b:\n    k: v\n\n  # c\n     ⟦c⟧: d\n',
    '"c" begins after 5 blanks: expected 4, as the lines above',
  ],
  [
    'a key deeper than a value',
    'a:\n  b: x\n\n  # c\n   ⟦c⟧: d\n',
    '"c" begins after 3 blanks: expected 2, as the lines above',
  ],
  [
    'a key among list items',
    'a:\n  - b: x\n    c: d\n  ⟦e⟧:\n    f: g\n',
    '"e" is a key among the items of a list: expected all to begin with "- ", or none',
  ],
  [
    'a list item among keys',
    'a:\n  b: x\n  ⟦-⟧ c: d\n',
    'a list item among the keys of an object: expected a key',
  ],
  [
    'single quotes within single quotes',
    "a:\n  url: '/h?w=u>⟦'⟧${gmtDate:yy'T'}''\n  b: c\n",
    "the text in single quotes ends here, and the line goes on: expected '' for a quote within",
    "a:\n  url: \"/h?w=u>'${gmtDate:yy'T'}'\"\n  b: c\n",
  ],
  [
    'double quotes within double quotes',
    'a:\n  url: "/h?w=⟦"⟧x" y"\n  b: c\n',
    'the text in double quotes ends here, and the line goes on: expected \\" for a quote within',
    'a:\n  url: \'/h?w="x" y\'\n  b: c\n',
  ],
  [
    'both kinds of quotes within',
    "a:\n  url: '/h?w=⟦'⟧x' y=\"z\"'\n",
    "the text in single quotes ends here, and the line goes on: expected '' for a quote within",
  ],
  [
    'a comma behind a value',
    'a: "b"⟦,⟧\nc: "d",\n',
    '"," behind the value: expected the end of the line',
    'a: "b"\nc: "d",\n',
  ],
  [
    'a quote that is never closed',
    'a:\n  url: ⟦"/h?w=x⟧\n  b: c\n  d: e\n',
    'the text has no closing quote: expected " at its end',
    'a:\n  url: "/h?w=x"\n  b: c\n  d: e\n',
  ],
  [
    'a quote that the next one closes',
    'a:\n  url: ⟦"/h?w=x⟧\n  b: "c"\n',
    'the text has no closing quote: expected " at its end',
    'a:\n  url: "/h?w=x"\n  b: "c"\n',
  ],
  [
    'a placeholder of another tool',
    'a: ⟦{{ country }}⟧\n',
    '"{{ country }}" is a placeholder: expected the value itself',
  ],
  [
    'a value that begins with a reserved character',
    'a: ⟦@⟧x\n',
    'a value that begins with "@" must stand in quotes',
    'a: "@x"\n',
  ],
  [
    'a colon within a value',
    'a:\n  url: /h?w=a⟦:⟧ b\n  c: d\n',
    '": " within a value: expected the value in double quotes',
    'a:\n  url: "/h?w=a: b"\n  c: d\n',
  ],
  [
    'two versions in one file',
    'a:\n  b: c\n⟦<<<<<<< HEAD⟧\n  c: d\n=======\n  c: e\n>>>>>>> other\n',
    '"<<<<<<<" is a conflict marker of Git: expected one of the two versions',
  ],
  [
    'an open brace',
    'a: {b: c\n⟦d⟧: e\n',
    'the object in braces is not closed: expected "}" before this line',
  ],
  ['a missing comma', 'a: {b: ⟦c d: e⟧}\n', 'a second key without a comma before it'],
  ['a tab', 'a:\n⟦\t⟧b: c\n', 'tabs are not allowed as indentation'],
  ['an unknown escape', 'a: "⟦\\⟧d"\n', 'invalid escape sequence \\d'],
];

describe.each(['\n', '\r\n'])('a slip of the hand in YAML, with lines that end in %j', (lineEnd) => {
  it.each(slips.map((slip) => [slip[0], slip] as const))('%s', (_name, [, marked, says, mended]) => {
    const asWritten = marked.replaceAll('\n', lineEnd);
    const text = asWritten.replace('⟦', '').replace('⟧', '');
    const findings = readDocuments(text, { syntax: 'yaml' }).flatMap((document) => document.findings);
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([['syntax', says]]);
    for (const { range, fix } of findings) {
      expect(mark(text, range)).toBe(asWritten);
      const after = fix && applyEdits(text, fix.edits);
      expect(after).toBe(mended?.replaceAll('\n', lineEnd));
    }
  });
});

it('two versions in one file are told in JSON, too', () => {
  const text = '{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> other\n}\n';
  const [finding] = readDocuments(text, { syntax: 'json' }).flatMap((document) => document.findings);
  expect(finding).toMatchObject({ rule: 'syntax', range: { start: 2, end: 14 } });
  expect(finding?.message).toContain('conflict marker');
});

it('a value that may be a secret is not quoted', () => {
  const text = 'configuration:\n  country: GB\n  oauth.api.secret = hunter2-hunter2\n';
  const findings = readDocuments(text, { syntax: 'yaml' }).flatMap((document) => document.findings);
  expect(JSON.stringify(findings.map(({ message, help }) => [message, help]))).not.toContain('hunter2');
});

function mark(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  return `${text.slice(0, start)}⟦${text.slice(start, end)}⟧${text.slice(end)}`;
}
