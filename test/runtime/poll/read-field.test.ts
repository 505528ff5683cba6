import { describe, expect, it } from 'vitest';
import { readField, readObjectId } from '../../../src/runtime/poll/read-field.ts';

const record = {
  id: 7,
  user: { id: 'u1', meta: { updated: '2026' } },
  'Modified Time': 'blank',
  'dotted.name': 'whole',
  dotted: { name: 'part' },
  list: [{ id: 'first' }],
  empty: '',
  nothing: null,
};

describe('readField', () => {
  it.each([
    ['id', 7],
    ['user.id', 'u1'],
    ['user.meta.updated', '2026'],
    ["['Modified Time']", 'blank'],
    ['["Modified Time"]', 'blank'],
    ["user['meta'].updated", '2026'],
    ['list[0].id', 'first'],
    ['dotted.name', 'whole'],
    ['nothing', null],
    ['nothing.more', undefined],
    ['missing', undefined],
    ['toString', undefined],
    ['__proto__', undefined],
    ['user.constructor', undefined],
    ['', undefined],
  ])('reads %s', (path, expected) => {
    expect(readField(record, path)).toBe(expected);
  });
});

describe('readObjectId', () => {
  it.each([
    ['user.id', 'u1'],
    ['id', '7'],
    ['empty', undefined],
    ['nothing', undefined],
    ['user', undefined],
  ])('gives %s as text', (path, expected) => {
    expect(readObjectId(record, path)).toBe(expected);
  });
});
