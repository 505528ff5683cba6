import { expect, it } from 'vitest';
import { readComments } from '../../src/document/read-comments.ts';
import type { Syntax } from '../../src/document/source-document.ts';

const cases: readonly [syntax: Syntax, text: string, comments: readonly string[]][] = [
  ['yaml', '# a\nx: &a 1 # b\n', ['a', 'b']],
  ['yaml', 'url: "http://x#y" # c\nplain: http://x#y\n', ['c']],
  ['yaml', "url: 'a # b' # c\n", ['c']],
  ['yaml', 'z: | # d\n  # not\n  a # not\n# e\n', ['d', 'e']],
  ['yaml', 'z: >-\n  # not\n', []],
  [
    'yaml',
    'w: # f\n  - 1 # g\n  # h\n  - {a: b, # i\n    # j\n    c: d} # k\n',
    ['f', 'g', 'h', 'i', 'j', 'k'],
  ],
  ['yaml', '? q # l\n: r\np: plain\n  more # m\n--- # n\nx: 1\n... # o\n# p\n', ['l', 'm', 'n', 'o', 'p']],
  ['yaml', 'a: 1 # crlf\r\nb: 2\r\n', ['crlf']],
  ['yaml', '\uFEFF# bom\na: 1\n', ['bom']],
  ['yaml', 'a: [1, # open\n', ['open']],
  ['yaml', '', []],
  ['json', '// a\n{"x": "http://a // no", /* b */ "y": 1, // c\n}\n// d', ['a', 'b', 'c', 'd']],
  ['json', '{"x": "/* no */"} /* over\ntwo lines */', ['over\ntwo lines']],
  ['json', '{"x": 1 // open', ['open']],
  ['json', '{"x": "never closed // no', []],
  ['json', '/* never closed', ['never closed']],
];

it.each(cases)('in %s, %j has %j', (syntax, text, expected) => {
  const comments = readComments(text, syntax);
  expect(comments.map((comment) => comment.text)).toEqual(expected);
  for (const { range, text: inner } of comments) {
    const source = text.slice(range.start, range.end);
    expect(source).toMatch(syntax === 'yaml' ? /^#/ : /^\/[/*]/);
    expect(source).toContain(inner);
  }
});
