import { expect, test } from 'vitest';
import { recommendedEntry } from '../../src/catalog/recommended-entry.ts';
import { findResource } from '../../src/catalog/sage-resource.ts';

const where = "?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes=";

test.each([
  ['customers', `/hubs/finance/customers${where}'created_at,updated_at'`],
  ['invoices', `/hubs/finance/invoices${where}'created_at,updated_at'`],
  ['transactions', `/hubs/finance/transactions${where}'created_at,updated_at,deleted'`],
  ['live-exchange-rates', "/hubs/finance/live-exchange-rates?where=attributes='updated_at'"],
  ['currencies', '/hubs/finance/currencies'],
])('polls %s by %s', (name, url) => {
  expect(entryFor(name)?.url).toBe(url);
});

test('reads both dates as Sage writes them', () => {
  expect(entryFor('invoices')).toMatchObject({
    idField: 'id',
    datesConfiguration: {
      updatedDateField: 'updated_at',
      updatedDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'",
      updatedDateTimezone: 'GMT',
      createdDateField: 'created_at',
      createdDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'",
      createdDateTimezone: 'GMT',
    },
  });
});

test('leaves out the dates that the records lack', () => {
  expect(Object.keys(entryFor('live-exchange-rates')?.datesConfiguration ?? {})).toEqual([
    'updatedDateField',
    'updatedDateFormat',
    'updatedDateTimezone',
  ]);
  expect(entryFor('currencies')?.datesConfiguration).toEqual({});
});

function entryFor(name: string) {
  const resource = findResource(name);
  return resource && recommendedEntry(resource);
}
