import { expect, it } from 'vitest';
import { fixText } from '../../src/lint/fix-text.ts';
import { lintText } from '../../src/lint/lint-text.ts';

it.each([
  ['one entry alone', 'url: /hubs/finance/customers\nidField: id\n', /name of its resource above it/],
  ['a configuration alone', 'event.notification.enabled: true\ncountry: GB\n', /belong into "configuration"/],
  ['settings', 'configs: [tenants/*.yaml]\n', /settings of sagecfg/],
  ['anything else', 'name: x\n', /An instance body has the keys/],
])('says of %s what it is a part of', (_what, text, says) => {
  const { problems } = lintText(text);
  expect(problems.map(({ rule }) => rule)).toEqual(['unknown-kind']);
  expect(problems[0]?.help).toMatch(says);
});

it('does not take a file with old line ends for a comment', () => {
  const text = '# c\rcustomers:\r  url: /hubs/finance/customers\r';
  const linted = lintText(text);
  expect(linted.problems.map(({ message }) => message)).toEqual([
    'the lines end with a carriage return alone: expected a line feed',
  ]);
  expect(fixText(linted, { includeUnsafe: false }).text).toBe(text.replaceAll('\r', '\n'));
});
