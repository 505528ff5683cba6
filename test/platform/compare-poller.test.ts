import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/document/to-value.ts';
import { comparePollers } from '../../src/platform/compare-poller.ts';

const entry = { url: '/hubs/finance/customers', idField: 'id', pageSize: 100, filterByUpdatedDate: false };

const same: readonly (readonly [what: string, before: Value, after: Value])[] = [
  ['the same as JSON in a string', JSON.stringify({ customers: entry }), { customers: entry }],
  [
    'two strings with other blanks',
    JSON.stringify({ customers: entry }),
    JSON.stringify({ customers: entry }, undefined, 4),
  ],
  [
    'other orders of keys',
    { customers: { idField: 'id', url: '/a' } },
    { customers: { url: '/a', idField: 'id' } },
  ],
  [
    'strings for booleans and numbers',
    { customers: { ...entry, pageSize: '100', filterByUpdatedDate: 'false' } },
    { customers: entry },
  ],
  [
    'defaults that are left out',
    { customers: { url: '/a', filterByUpdatedDate: 'true', pollDelay: 0 } },
    { customers: { url: '/a' } },
  ],
  ['null for what is not there', { customers: { url: '/a', pageSize: null } }, { customers: { url: '/a' } }],
  ['text that is no JSON', '{broken', '{broken'],
];

const different: readonly (readonly [what: string, before: Value, after: Value, paths: readonly string[]])[] =
  [
    ['one key', { customers: entry }, { customers: { ...entry, pageSize: 50 } }, ['customers/pageSize']],
    [
      'a deep key',
      { a: { url: '/a', datesConfiguration: { updatedDateField: 'x' } } },
      { a: { url: '/a', datesConfiguration: { updatedDateField: 'y' } } },
      ['a/datesConfiguration/updatedDateField'],
    ],
    ['a whole entry', { a: { url: '/a' } }, { a: { url: '/a' }, b: { url: '/b' } }, ['b']],
    [
      'a default that counts',
      { a: { url: '/a', filterByUpdatedDate: 'false' } },
      { a: { url: '/a' } },
      ['a/filterByUpdatedDate'],
    ],
    ['a resource called like a default', { pollDelay: { url: '/a' } }, {}, ['pollDelay']],
    [
      'a resource that every object has',
      {},
      { constructor: { url: '/a' }, a: { constructor: 1 } },
      ['constructor', 'a'],
    ],
    ['broken text and an object', '{broken', { a: { url: '/a' } }, ['']],
    ['upper and lower case', { a: { url: '/A' } }, { a: { url: '/a' } }, ['a/url']],
  ];

describe('two poller configurations', () => {
  it.each(same)('are equal: %s', (_what, before, after) => {
    expect(comparePollers(before, after)).toEqual([]);
    expect(comparePollers(after, before)).toEqual([]);
  });

  it.each(different)('differ in %s', (_what, before, after, paths) => {
    expect(comparePollers(before, after).map(({ path }) => path.join('/'))).toEqual(paths);
    expect(comparePollers(after, before).map(({ path }) => path.join('/'))).toEqual(paths);
  });
});
