import { describe, expect, test } from 'vitest';
import { findResource } from '../../src/catalog/sage-resource.ts';
import { adaptUrl, applyValueEdits } from '../../src/generate/adapt-url.ts';

const since = "lastModifiedDate>='${date:yyyy-MM-dd'T'HH:mm:ss'Z'}'";
const dates = "attributes='created_at,updated_at'";

describe('the URL of one resource as that of another', () => {
  test.each([
    [
      'the path alone',
      `/hubs/finance/customers?where=${since} and ${dates}`,
      'invoices',
      `/hubs/finance/invoices?where=${since} and ${dates}`,
    ],
    ['a slash behind the path', '/hubs/finance/customers/', 'invoices', '/hubs/finance/invoices/'],
    [
      'the deleted flag, which only some records have',
      `/hubs/finance/customers?where=${since} and ${dates}`,
      'transactions',
      `/hubs/finance/transactions?where=${since} and attributes='created_at,updated_at,deleted'`,
    ],
    [
      'attributes of another record',
      "/hubs/finance/customers?where=attributes='name,updated_at'",
      'invoices',
      "/hubs/finance/invoices?where=attributes='updated_at,created_at'",
    ],
    [
      'all attributes',
      "/hubs/finance/customers?where=attributes='all'",
      'invoices',
      "/hubs/finance/invoices?where=attributes='all'",
    ],
    [
      'attributes as a parameter',
      '/hubs/finance/customers?attributes=name,updated_at',
      'invoices',
      '/hubs/finance/invoices?attributes=updated_at,created_at',
    ],
    [
      'a filter that both have',
      `/hubs/finance/customers?where=${since} and search='x'`,
      'invoices',
      `/hubs/finance/invoices?where=${since} and search='x'`,
    ],
    [
      'a filter that only the first has, last',
      `/hubs/finance/customers?where=${since} AND email='x'`,
      'invoices',
      `/hubs/finance/invoices?where=${since}`,
    ],
    [
      'a filter that only the first has, first',
      `/hubs/finance/customers?where=email='x' and ${since}`,
      'invoices',
      `/hubs/finance/invoices?where=${since}`,
    ],
    [
      'several filters in between',
      `/hubs/finance/customers?where=email='x' and exclude_system=true and ${since} and show_balance=true and ${dates}`,
      'invoices',
      `/hubs/finance/invoices?where=${since} and ${dates}`,
    ],
    [
      'nothing but such a filter',
      "/hubs/finance/customers?where=email='x'",
      'invoices',
      '/hubs/finance/invoices',
    ],
    [
      'nothing but such a filter, and a parameter',
      "/hubs/finance/customers?where=email='x'&pageSize=50",
      'invoices',
      '/hubs/finance/invoices?pageSize=50',
    ],
    [
      'a filter with values of its own',
      "/hubs/finance/payments?where=transaction_type_id='CUSTOMER_RECEIPT'",
      'other-payments',
      '/hubs/finance/other-payments',
    ],
    [
      'a condition that nobody knows',
      "/hubs/finance/customers?where=colour='red'",
      'invoices',
      "/hubs/finance/invoices?where=colour='red'",
    ],
    [
      'alternatives',
      "/hubs/finance/customers?where=email='x' or email='y'",
      'invoices',
      "/hubs/finance/invoices?where=email='x' or email='y'",
    ],
    [
      'an order that the other lacks',
      '/hubs/finance/invoices?orderBy=updated_at&pageSize=50',
      'customers',
      '/hubs/finance/customers?pageSize=50',
    ],
    [
      'an order that both have',
      '/hubs/finance/invoices?orderBy=updated_at desc',
      'sales-quotes',
      '/hubs/finance/sales-quotes?orderBy=updated_at desc',
    ],
    [
      'parameters in a row',
      '/hubs/finance/customers?email=x&search=y&show_balance=true',
      'invoices',
      '/hubs/finance/invoices?search=y',
    ],
    [
      'an encoded clause',
      '/hubs/finance/customers?where=attributes=%27name%2Cupdated_at%27',
      'invoices',
      '/hubs/finance/invoices?where=attributes=%27updated_at,created_at%27',
    ],
    [
      'parameters, all of them',
      '/hubs/finance/customers?email=x&show_balance=true',
      'invoices',
      '/hubs/finance/invoices',
    ],
    [
      'a path without a resource behind it',
      `/hubs/finance/shops?where=${since}`,
      'invoices',
      `/hubs/finance/invoices?where=${since}`,
    ],
    [
      'the resource itself',
      "/hubs/finance/invoices?where=attributes='name'",
      'invoices',
      "/hubs/finance/invoices?where=attributes='name'",
    ],
  ])('%s', (_case, url, target, expected) => {
    const adapted = adapt(url, target);
    expect(adapted && applyValueEdits(url, adapted.edits)).toBe(expected);
  });

  test('says what was left out, and why', () => {
    const url = "/hubs/finance/customers?where=attributes='name,updated_at' and email='x'&orderBy=name";
    expect(adapt(url, 'invoices')?.notes).toEqual([
      'attributes "name" left out: they are fields of another record',
      'filter "email" left out: Sage\'s "invoices" does not have it',
      'orderBy left out: Sage cannot sort "invoices" by "name"',
    ]);
  });

  test.each(['/hubs/crm/customers', '/customers', ''])('%j is none that could be adapted', (url) => {
    expect(adapt(url, 'invoices')).toBeUndefined();
  });
});

function adapt(url: string, name: string) {
  const target = findResource(name);
  return target && adaptUrl(url, target);
}
