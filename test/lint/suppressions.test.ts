import { describe, expect, it } from 'vitest';
import { fixText } from '../../src/lint/fix-text.ts';
import { lintText, type LintOptions } from '../../src/lint/lint-text.ts';
import { rules } from '../../src/lint/rules/index.ts';

/** Only what these tests are about runs. */
const judged = ['insecure-callback', 'unknown-key', 'no-change-filter', 'syntax', 'unused-suppression'];
const options: LintOptions = {
  severities: new Map(
    rules.filter(({ id }) => !judged.includes(id)).map(({ id }): [string, 'off'] => [id, 'off']),
  ),
};

/** The rules that are reported. */
function rulesIn(text: string, more: LintOptions = {}): readonly string[] {
  return lintText(text, { ...options, ...more }).problems.map(({ rule }) => rule);
}

const filter = "?where=updated>'${gmtDate:yyyy-MM-dd}'";
const open = 'customers:\n  url: /hubs/finance/customers';

describe('a comment', () => {
  const cases: readonly [what: string, text: string, reported: readonly string[]][] = [
    ['none', `${open}\n`, ['no-change-filter']],
    ['on the line', `${open} # sagecfg-disable-line no-change-filter\n`, []],
    ['on the line, with a reason', `${open} # sagecfg-disable-line no-change-filter -- it is small\n`, []],
    [
      'on the line before',
      'customers:\n  # sagecfg-disable-next-line no-change-filter\n  url: /hubs/finance/customers\n',
      [],
    ],
    [
      'before another comment and a blank line',
      'customers:\n  # sagecfg-disable-next-line no-change-filter\n\n  # hello\n  url: /hubs/finance/customers\n',
      [],
    ],
    [
      'two lines before',
      'customers:\n  # sagecfg-disable-next-line no-change-filter\n  idField: id\n  url: /hubs/finance/customers\n',
      ['unused-suppression', 'no-change-filter'],
    ],
    [
      'in JSON',
      '{\n  "customers": {\n    // sagecfg-disable-next-line no-change-filter\n    "url": "/hubs/finance/customers"\n  }\n}\n',
      [],
    ],
    [
      'in JSON, on the line',
      '{"customers": {\n"url": "/hubs/finance/customers" /* sagecfg-disable-line no-change-filter -- why */\n}}\n',
      [],
    ],
    ['for the file', `# sagecfg-disable-file no-change-filter\n${open}\n`, []],
    ['for the file, at its end', `${open}\n# sagecfg-disable-file no-change-filter\n`, []],
    ['for a block', `# sagecfg-disable no-change-filter\n${open}\n# sagecfg-enable no-change-filter\n`, []],
    ['for a block up to the end', `# sagecfg-disable no-change-filter\n${open}\n`, []],
    [
      'for a block that ends with everything',
      `# sagecfg-disable no-change-filter\n${open}\n# sagecfg-enable\n`,
      [],
    ],
    [
      'for a block that ends before',
      `# sagecfg-disable no-change-filter\n# sagecfg-enable no-change-filter\n${open}\n`,
      ['unused-suppression', 'no-change-filter'],
    ],
    [
      'for two rules',
      `customers:\n  IdField: id\n  # sagecfg-disable-file unknown-key, no-change-filter\n  url: /hubs/finance/customers\n`,
      [],
    ],
    [
      'for another rule',
      `${open} # sagecfg-disable-line insecure-callback\n`,
      ['no-change-filter', 'unused-suppression'],
    ],
    [
      'at the key of a value over several lines',
      'customers:\n  url: >- # sagecfg-disable-line no-change-filter\n    /hubs/finance/customers\n',
      [],
    ],
    [
      'in a block scalar is none',
      'customers:\n  x-note: |\n    # sagecfg-disable-file no-change-filter\n  url: /hubs/finance/customers\n',
      ['no-change-filter'],
    ],
    [
      'in a string is none',
      'customers:\n  x-note: "# sagecfg-disable-file no-change-filter"\n  url: /hubs/finance/customers\n',
      ['no-change-filter'],
    ],
    [
      'on the object is none on its values',
      'customers: # sagecfg-disable-line no-change-filter\n  url: /hubs/finance/customers\n',
      ['unused-suppression', 'no-change-filter'],
    ],
    [
      'in the second document',
      `${open}${filter}\n---\n${open} # sagecfg-disable-line no-change-filter\n`,
      [],
    ],
    [
      'where a stringified configuration begins',
      `element: {key: x}\nconfiguration:\n  event.poller.configuration: | # sagecfg-disable-line no-change-filter\n    {"customers": {"url": "/hubs/finance/customers"}}\n`,
      [],
    ],
  ];

  it.each(cases)('%s', (_, text, reported) => {
    expect(rulesIn(text)).toEqual(reported);
  });
});

describe('through an alias', () => {
  const text = (first: string, second: string): string =>
    `a:\n  url: &u /hubs/finance/customers${first}\nb:\n  url: *u${second}\n`;
  const comment = ' # sagecfg-disable-line no-change-filter';

  it('a comment where the value stands counts for every use', () => {
    expect(rulesIn(text('', ''))).toEqual(['no-change-filter']);
    expect(rulesIn(text(comment, ''))).toEqual([]);
  });

  it('a comment at one use leaves the others', () => {
    expect(rulesIn(text('', comment))).toEqual(['no-change-filter']);
  });
});

describe('what cannot be hidden', () => {
  it('is that a file cannot be read', () => {
    const text = '# sagecfg-disable-file syntax\na: [1\n';
    expect(rulesIn(text)).toContain('syntax');
  });

  it('is said where it is tried', () => {
    const { problems } = lintText(`# sagecfg-disable-file syntax\n${open}${filter}\n`, options);
    expect(problems.map(({ message }) => message)).toEqual(['"syntax" cannot be suppressed']);
  });
});

describe('a comment without a purpose', () => {
  const messages = (text: string, more: LintOptions = {}): readonly string[] =>
    lintText(text, { ...options, ...more }).problems.map(({ message }) => message);
  const clean = `${open}${filter}`;

  it.each([
    [
      '# sagecfg-disable-file no-change-filter',
      '"no-change-filter" finds nothing here: the comment has no purpose',
    ],
    [
      '# sagecfg-disable-file',
      '"sagecfg-disable-file" names no rule: expected "sagecfg-disable-file RULE -- reason"',
    ],
    [
      '# sagecfg-disable-file -- why',
      '"sagecfg-disable-file" names no rule: expected "sagecfg-disable-file RULE -- reason"',
    ],
    [
      '# sagecfg-enable no-change-filter',
      '"sagecfg-enable" ends nothing: no such rule is disabled before it',
    ],
    [
      '# sagecfg-disable-file no-chang-filter',
      'no rule is called "no-chang-filter": did you mean "no-change-filter"?',
    ],
    ['# sagecfg-disable-file qqq', 'no rule is called "qqq": see sagecfg rules'],
  ])('%s is reported', (comment, message) => {
    expect(messages(`${comment}\n${clean}\n`)).toEqual([message]);
  });

  it('is not, where its rule did not run', () => {
    const off = new Map([...(options.severities ?? []), ['no-change-filter', 'off'] as const]);
    expect(messages(`# sagecfg-disable-file no-change-filter\n${clean}\n`, { severities: off })).toEqual([]);
  });

  it('is not, where the file could not be read', () => {
    expect(rulesIn('# sagecfg-disable-file no-change-filter\na: [1\n')).toEqual(['syntax']);
  });

  it.each([
    [`# sagecfg-disable-file no-change-filter -- why\n${clean}\n`, `${clean}\n`],
    [`${clean} # sagecfg-disable-line no-change-filter\n`, `${clean}\n`],
    [`${clean} # sagecfg-disable-line no-change-filter\r\nx-a: {}\r\n`, `${clean}\r\nx-a: {}\r\n`],
    [`${clean}\n  # sagecfg-disable-next-line no-change-filter`, `${clean}\n`],
  ])('goes with --fix: %j', (before, after) => {
    expect(fixText(lintText(before, options), { ...options, includeUnsafe: false }).text).toBe(after);
  });

  it('stays where one of its rules has a purpose', () => {
    const text = `${open} # sagecfg-disable-line no-change-filter, insecure-callback\n`;
    expect(rulesIn(text)).toEqual(['unused-suppression']);
    expect(fixText(lintText(text, options), { ...options, includeUnsafe: true }).text).toBe(text);
  });
});

it('is not mended: the author has said that it is meant', () => {
  const text = `customers:\n  IdField: id # sagecfg-disable-line unknown-key\n  url: "/hubs/finance/customers${filter}"\n`;
  expect(fixText(lintText(text, options), { ...options, includeUnsafe: true }).text).toBe(text);
});

it('is reported all the same to whoever builds on the file', () => {
  const text = `${open} # sagecfg-disable-line no-change-filter\n`;
  expect(rulesIn(text, { reportsSuppressed: true })).toEqual(['no-change-filter']);
});

describe('the settings', () => {
  const text = '{"a": {"url": "/hubs/finance/customers"}, "ab": {"url": "/hubs/finance/vendors"}}';
  const ignoring = (pointer?: string): LintOptions => ({
    ignored: [{ rule: 'no-change-filter', ...(pointer !== undefined && { pointer }) }],
  });

  it.each([
    [undefined, 0],
    ['', 0],
    ['/a', 1],
    ['/a/url', 1],
    ['/b', 2],
  ])('with pointer %j leave %i', (pointer, left) => {
    expect(rulesIn(text, ignoring(pointer)).length).toBe(left);
  });

  it('tell which of them hid something', () => {
    const used = { rule: 'no-change-filter', pointer: '/a' };
    const unused = { rule: 'no-change-filter', pointer: '/b' };
    const { suppressions } = lintText(text, { ...options, ignored: [used, unused] });
    expect([...suppressions.usedIgnores]).toEqual([used]);
  });
});
