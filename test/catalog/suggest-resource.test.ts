import { expect, test } from 'vitest';
import { listResources } from '../../src/catalog/sage-resource.ts';
import { suggestResource } from '../../src/catalog/suggest-resource.ts';

test.each([
  ['sales_invoices', 'invoices'],
  ['sales-invoices', 'invoices'],
  ['Invoices', 'invoices'],
  ['invoice', 'invoices'],
  ['costumers', 'customers'],
  ['suppliers', 'vendors'],
  ['Suppliers', 'vendors'],
  ['contact_payments', 'payments'],
  ['purchase_invoices', 'purchase-invoices'],
  ['purchaseInvoices', 'purchase-invoices'],
  ['journals', 'journal-entries'],
  ['bills', 'purchase-invoices'],
  ['businesses', 'companies'],
  ['contacts', 'contacts'],
  ['salaries-and-wages', undefined],
  ['xyz', undefined],
  ['', undefined],
])('takes %j for %j', (word, expected) => {
  expect(suggestResource(word)).toBe(expected);
});

test('takes every endpoint of Sage for a resource that reads it', () => {
  const wrong = listResources()
    .filter(({ query }) => Object.keys(query).length === 0)
    .filter(({ name, endpoint }) => suggestResource(endpoint.slice(1)) !== name);
  expect(wrong).toEqual([]);
});
