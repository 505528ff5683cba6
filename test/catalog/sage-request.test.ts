import { describe, expect, test } from 'vitest';
import { sageRequestFor, withAttributes } from '../../src/catalog/sage-request.ts';

const since = "lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'";

describe('a poll URL as a request to Sage', () => {
  test.each([
    [
      `/hubs/finance/customers?where=${since} and attributes='created_at,updated_at'`,
      '/contacts?contact_type_id=CUSTOMER&attributes=created_at,updated_at',
    ],
    [`/hubs/finance/vendors?where=${since}`, '/contacts?contact_type_id=VENDOR'],
    ['/hubs/finance/contacts', '/contacts'],
    [`/hubs/finance/invoices?where=${since} and search='Harbour'`, '/sales_invoices?search=Harbour'],
    [
      "/hubs/finance/payments?where=transaction_type_id='CUSTOMER_RECEIPT'",
      '/contact_payments?transaction_type_id=CUSTOMER_RECEIPT',
    ],
    ['/hubs/finance/tax-rates?attributes=percentage', '/tax_rates?attributes=percentage'],
    ['/hubs/finance/tax-rates?fields=percentage', '/tax_rates?attributes=percentage'],
    ['/hubs/finance/invoices?orderBy=updated_at desc', '/sales_invoices?sort=updated_at:desc'],
    ["/hubs/finance/invoices?where=search='Harbour%20%26%20Pike'", '/sales_invoices?search=Harbour & Pike'],
    ["/hubs/finance/products?where=search='100%'", '/products?search=100%'],
    ['/hubs/finance/customers/', '/contacts?contact_type_id=CUSTOMER'],
    // The sample's own mistake: what is meant can still be told.
    [
      `/hubs/finance/customers?where=${since} and attributes='created_at,updated_at`,
      '/contacts?contact_type_id=CUSTOMER&attributes=created_at,updated_at',
    ],
  ])('%s', (url, expected) => {
    const { request, faults } = sageRequestFor(url);
    expect(faults).toEqual([]);
    const query = [...(request?.query ?? [])].map((pair) => pair.join('=')).join('&');
    expect(`${request?.path}${query === '' ? '' : `?${query}`}`).toBe(expected);
  });

  test.each([
    [`/hubs/finance/customers?where=${since}`, true],
    ["/hubs/finance/customers?where=updated_or_created_since='2026-11-23'", true],
    ["/hubs/finance/customers?where=attributes='all'", false],
    ['/hubs/finance/customers', false],
  ])('tells whether %s asks for changes only', (url, expected) => {
    expect(sageRequestFor(url).request?.isFilteredByChange).toBe(expected);
  });

  test.each([
    ['', undefined],
    ['?pageSize=50', 50],
    ['?pageSize=1000', 200],
    ['?pageSize=0', undefined],
    ['?pageSize=many', undefined],
  ])('reads the page size of %j', (query, expected) => {
    expect(sageRequestFor(`/hubs/finance/customers${query}`).request?.pageSize).toBe(expected);
  });
});

describe('what Sage has nothing for', () => {
  test.each([
    ['/hubs/crm/contacts', 'not-a-hub-path', '/hubs/crm/contacts', undefined],
    ['/customers', 'not-a-hub-path', '/customers', undefined],
    ['', 'not-a-hub-path', '', undefined],
    ['/hubs/finance/sales_invoices', 'unknown-resource', 'sales_invoices', 'invoices'],
    ['/hubs/finance/wages', 'unknown-resource', 'wages', undefined],
    [`/hubs/finance/currencies?where=${since}`, 'no-change-filter', since, undefined],
    ["/hubs/finance/customers?where=updated_at>='x'", 'unknown-filter', 'updated_at', 'lastModifiedDate'],
    ["/hubs/finance/customers?where=serch='x'", 'unknown-filter', 'serch', 'search'],
    [
      "/hubs/finance/customers?where=contact_type_id='VENDOR'",
      'unknown-filter',
      'contact_type_id',
      undefined,
    ],
    ['/hubs/finance/customers?colour=red', 'unknown-filter', 'colour', undefined],
    [
      "/hubs/finance/customers?where=search LIKE 'a%'",
      'unsupported-condition',
      "search LIKE 'a%'",
      undefined,
    ],
    [
      "/hubs/finance/customers?where=search='a' or search='b'",
      'unsupported-condition',
      "search='a' or search='b'",
      undefined,
    ],
    [
      "/hubs/finance/customers?where=lastModifiedDate<='${now}'",
      'unsupported-condition',
      "lastModifiedDate<='${now}'",
      undefined,
    ],
    ['/hubs/finance/customers?orderBy=updated_at', 'not-sortable', 'orderBy=updated_at', undefined],
    ['/hubs/finance/invoices?orderBy=name', 'not-sortable', 'orderBy=name', undefined],
    ['/hubs/finance/customers?page=2', 'paging', 'page=2', undefined],
  ])('%s is told as %s', (url, code, marked, suggestion) => {
    const { faults } = sageRequestFor(url);
    expect(faults.map((fault) => [fault.code, url.slice(fault.start, fault.end), fault.suggestion])).toEqual([
      [code, marked, suggestion],
    ]);
  });

  test('is left out of the request, and the rest is kept', () => {
    const { request } = sageRequestFor(
      `/hubs/finance/invoices?where=${since} and colour='red' and search='x'`,
    );
    expect([...(request?.query ?? [])]).toEqual([['search', 'x']]);
  });
});

test.each([
  ['', ['updated_at', 'created_at'], 'updated_at,created_at'],
  ["?where=attributes='name, updated_at'", ['id', 'updated_at', 'created_at'], 'name,updated_at,created_at'],
  ["?where=attributes='all'", ['updated_at'], 'all'],
  ['', ['id'], undefined],
])('with attributes that the poller needs: %j and %j', (query, fields, expected) => {
  const { request } = sageRequestFor(`/hubs/finance/customers${query}`);
  expect(request && withAttributes(request, fields).query.get('attributes')).toBe(expected);
});
