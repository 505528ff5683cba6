import { describe, expect, test } from 'vitest';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { createManualClock } from '../manual-clock.ts';
import { namesOf, openSession } from '../sage-session.ts';

const clock = createManualClock();

describe('paging', () => {
  test('the envelope has 20 items, a relative next link without the version, and the total', async () => {
    await using simulator = await startSimulator({ clock, initialObjects: 45 });
    const { list } = await openSession(simulator);
    const page = await list('/products');
    expect(Object.keys(page)).toEqual(['$total', '$page', '$next', '$back', '$itemsPerPage', '$items']);
    expect(page).toMatchObject({
      $total: 45,
      $page: 1,
      $next: '/products?page=2&items_per_page=20',
      $back: null,
      $itemsPerPage: 20,
    });
    expect(page.$items).toHaveLength(20);
  });

  test('links put page and size first and leave commas and colons as they are', async () => {
    await using simulator = await startSimulator({ clock, initialObjects: 9 });
    const { list } = await openSession(simulator);
    const query =
      'attributes=created_at%2Cupdated_at&contact_type_id=CUSTOMER&items_per_page=3&page=2&updated_or_created_since=2020-01-01T00%3A00%3A00%2B00%3A00';
    expect(await list(`/contacts?${query}`)).toMatchObject({
      $next:
        '/contacts?page=3&items_per_page=3&attributes=created_at,updated_at&contact_type_id=CUSTOMER&updated_or_created_since=2020-01-01T00:00:00%2B00:00',
      $back:
        '/contacts?page=1&items_per_page=3&attributes=created_at,updated_at&contact_type_id=CUSTOMER&updated_or_created_since=2020-01-01T00:00:00%2B00:00',
    });
  });

  test.each([1, 7, 10, 23, 24])('following next by %i reads every item once', async (size) => {
    await using simulator = await startSimulator({ clock, initialObjects: 23 });
    const { list } = await openSession(simulator);
    const ids: unknown[] = [];
    let next: string | null = `/sales_invoices?items_per_page=${size}`;
    while (next !== null) {
      const page = await list(next);
      ids.push(...page.$items.map(({ id }) => id));
      next = page.$next;
    }
    expect(new Set(ids).size).toBe(23);
    expect(ids).toHaveLength(23);
  });

  test.each([
    ['page=9', { $page: 3, $next: null, length: 5 }],
    ['page=0', { $page: 1, length: 20 }],
    ['page=x', { $page: 1, length: 20 }],
    ['items_per_page=500', { $itemsPerPage: 200, length: 45 }],
    ['items_per_page=0', { $itemsPerPage: 20, length: 20 }],
    ['items_per_page=-5', { $itemsPerPage: 20, length: 20 }],
  ])('%s', async (query, { length, ...expected }) => {
    await using simulator = await startSimulator({ clock, initialObjects: 45 });
    const { list } = await openSession(simulator);
    const page = await list(`/products?${query}`);
    expect(page).toMatchObject(expected);
    expect(page.$items).toHaveLength(length);
  });

  test('an empty list is one empty page', async () => {
    await using simulator = await startSimulator({ clock, initialObjects: 0 });
    const { list } = await openSession(simulator);
    expect(await list('/contacts?page=4')).toEqual({
      $total: 0,
      $page: 1,
      $next: null,
      $back: null,
      $itemsPerPage: 20,
      $items: [],
    });
  });
});

describe('attributes', () => {
  const minimal = ['$path', 'displayed_as', 'id'];

  test.each([
    ['', minimal],
    ['attributes=', minimal],
    ['attributes=created_at,updated_at', [...minimal, 'created_at', 'updated_at'].toSorted()],
    ['attributes=name,no_such', [...minimal, 'name'].toSorted()],
  ])('?%s gives just these', async (query, keys) => {
    await using simulator = await startSimulator({ clock, initialObjects: 1 });
    const { list } = await openSession(simulator);
    const page = await list(`/contacts?contact_type_id=CUSTOMER&${query}`);
    expect(page.$items.map((item) => Object.keys(item).toSorted())).toEqual([keys]);
  });

  test('all gives amounts as strings, integers as numbers, links with path', async () => {
    await using simulator = await startSimulator({ clock, initialObjects: 1 });
    const { list } = await openSession(simulator);
    const [contact] = (await list('/contacts?attributes=all&contact_type_id=CUSTOMER')).$items;
    expect(contact).toMatchObject({ credit_days: 30, contact_types: [{ $path: '/contact_types/CUSTOMER' }] });
    expect(contact?.['credit_limit']).toMatch(/^\d+\.\d+$/);
    const [invoice] = (await list('/sales_invoices?attributes=all')).$items;
    expect(invoice?.['total_amount']).toMatch(/^\d+\.\d+$/);
    expect(invoice?.['contact']).toMatchObject({ id: contact?.['id'] });
  });

  test('one item comes whole unless fewer are asked for', async () => {
    await using simulator = await startSimulator({ clock, initialObjects: 1 });
    const { list, get } = await openSession(simulator);
    const [item] = (await list('/products')).$items;
    const path = String(item?.['$path']);
    expect(path).toMatch(/^\/products\/[0-9a-f]{32}$/);
    expect((await get(path)).body).toMatchObject({ id: item?.['id'], item_code: 'ITEM-1', deleted_at: null });
    const few = await get(`${path}?attributes=updated_at`);
    expect(namesOf(few.body)).toEqual([...minimal, 'updated_at'].toSorted());
  });
});

describe('change filters', () => {
  test('updated_or_created_since is inclusive, to the second of a finer clock', async () => {
    const local = createManualClock(Date.parse('2026-03-02T09:00:07.900Z'));
    await using simulator = await startSimulator({ clock: local, initialObjects: 2 });
    const { list } = await openSession(simulator);
    const { id, updatedAt } = simulator.world.create('north', 'products');
    expect(updatedAt).toBe('2026-03-02T09:00:07Z');
    const totals = await Promise.all(
      ['2026-03-02T09:00:07Z', '2026-03-02T09:00:07.001Z', '2026-03-02T09:00:08Z', '2026-03-02'].map(
        async (since) => (await list(`/products?updated_or_created_since=${since}`)).$total,
      ),
    );
    expect(totals).toEqual([1, 0, 0, 1]);
    const page = await list('/products?updated_or_created_since=2026-03-02T11:00:07%2B02:00');
    expect(page.$items).toMatchObject([{ id }]);
  });

  test('deleted_since is exclusive, and a deleted item is in no other list', async () => {
    const local = createManualClock(Date.parse('2026-03-02T09:00:07.900Z'));
    await using simulator = await startSimulator({ clock: local, initialObjects: 0 });
    const { list, get } = await openSession(simulator);
    const { id } = simulator.world.create('north', 'customers');
    await local.advance(3000);
    simulator.world.remove('north', id);
    expect((await list('/contacts')).$total).toBe(0);
    expect((await list('/contacts?updated_or_created_since=2026-03-01')).$total).toBe(0);
    expect((await list('/contacts?deleted_since=2026-03-02T09:00:10Z')).$total).toBe(0);
    const page = await list('/contacts?deleted_since=2026-03-02T09:00:09Z&attributes=deleted_at,updated_at');
    expect(page.$items).toMatchObject([
      { id, deleted_at: '2026-03-02T09:00:10Z', updated_at: '2026-03-02T09:00:07Z' },
    ]);
    expect((await get(`/contacts/${id}`)).status).toBe(404);
  });

  test('a voided invoice is an update', async () => {
    const local = createManualClock();
    await using simulator = await startSimulator({ clock: local, initialObjects: 0 });
    const { list } = await openSession(simulator);
    const { id } = simulator.world.create('north', 'invoices');
    await local.advance(5000);
    expect(simulator.world.remove('north', id)).toMatchObject({ type: 'UPDATED', version: 2 });
    const page = await list('/sales_invoices?updated_or_created_since=2026-03-02T09:00:05Z&attributes=all');
    expect(page.$items).toMatchObject([{ id, status: { id: 'VOID' }, outstanding_amount: '0.0' }]);
    expect((await list('/sales_invoices?deleted_since=2026-01-01')).$total).toBe(0);
  });

  test('a late change stays hidden, with the old version in its place', async () => {
    const local = createManualClock();
    await using simulator = await startSimulator({ clock: local, initialObjects: 0 });
    const { list } = await openSession(simulator);
    const { id } = simulator.world.create('north', 'products', { fields: { displayed_as: 'before' } });
    await local.advance(2000);
    simulator.world.edit('north', id, { lateMs: 30_000, fields: { displayed_as: 'after' } });
    await local.advance(29_000);
    expect((await list('/products')).$items).toMatchObject([{ displayed_as: 'before' }]);
    await local.advance(1000);
    expect((await list('/products?attributes=updated_at')).$items).toMatchObject([
      { displayed_as: 'after', updated_at: '2026-03-02T09:00:02Z' },
    ]);
  });

  test.each(['yesterday', '2026-03-02 09:00:00', '2026-03-02T09:00:00 02:00', ''])(
    'a filter of "%s" is refused',
    async (since) => {
      await using simulator = await startSimulator({ clock, initialObjects: 0 });
      const { get } = await openSession(simulator);
      const answer = await get(`/contacts?updated_or_created_since=${encodeURIComponent(since)}`);
      expect(answer).toMatchObject({ status: 400, body: [{ $source: 'updated_or_created_since' }] });
    },
  );
});

describe('filters and order', () => {
  test.each([
    ['/contacts?contact_type_id=CUSTOMER', 6],
    ['/contacts?contact_type_id=VENDOR', 6],
    ['/contacts', 12],
    ['/contacts?email=nobody@example.test', 0],
    ['/contacts?exclude_system=true', 12],
    ['/products?active=false', 0],
    ['/products?search=ITEM-that-is-not', 0],
    ['/sales_invoices?status_id=UNPAID&to_date=1999-12-31', 0],
    ['/sales_invoices?from_date=2020-01-01', 6],
  ])('%s has %i', async (path, total) => {
    await using simulator = await startSimulator({ clock, initialObjects: 6 });
    const { list } = await openSession(simulator);
    expect((await list(path)).$total).toBe(total);
  });

  test.each([
    ['sort=updated_at', 1],
    ['sort=updated_at:asc', 1],
    ['sort=updated_at:desc', -1],
    ['sort=due_date:desc', -1],
  ])('invoices with %s', async (query, sign) => {
    await using simulator = await startSimulator({ clock, initialObjects: 30 });
    const { list } = await openSession(simulator);
    const attribute = query.includes('due') ? 'due_date' : 'updated_at';
    const page = await list(`/sales_invoices?items_per_page=200&attributes=all&${query}`);
    const values = page.$items.map((item) => Date.parse(String(item[attribute])));
    expect(values).toEqual(values.toSorted((left, right) => sign * (left - right)));
    expect(new Set(values).size).toBeGreaterThan(20);
  });

  test('sort and unknown parameters are ignored or refused, as chosen', async () => {
    await using lenient = await startSimulator({ clock, initialObjects: 3 });
    await using strict = await startSimulator({
      clock,
      initialObjects: 3,
      choices: { sortWhereNotListed: 'reject', unknownParameter: 'reject' },
    });
    const [left, right] = [await openSession(lenient), await openSession(strict)];
    for (const path of ['/contacts?sort=updated_at', '/products?updated_from=2026-01-01']) {
      expect((await left.get(path)).status).toBe(200);
      expect((await right.get(path)).status).toBe(400);
    }
    expect((await right.get('/sales_invoices?sort=date&attributes=date&show_legacy_id=true')).status).toBe(
      200,
    );
  });

  test('the default order is creation, or the last change where that was chosen', async () => {
    for (const [defaultOrder, last] of [
      ['created', 'third'],
      ['updated', 'first'],
    ] as const) {
      const local = createManualClock();
      await using simulator = await startSimulator({
        clock: local,
        initialObjects: 0,
        choices: { defaultOrder },
      });
      const { list } = await openSession(simulator);
      const ids: string[] = [];
      for (const displayed_as of ['first', 'second', 'third']) {
        ids.push(simulator.world.create('north', 'products', { fields: { displayed_as } }).id);
        await local.advance(1000);
      }
      simulator.world.edit('north', ids[0] ?? '', { fields: {} });
      expect((await list('/products')).$items.at(-1)).toMatchObject({ displayed_as: last });
    }
  });
});

describe('reading an invoice', () => {
  test('marks it as sent only where that was chosen and not forbidden', async () => {
    for (const [readingMarksAsSent, query, sent] of [
      ['no', '', false],
      ['yes', '', true],
      ['yes', '?mark_as_sent=false', false],
    ] as const) {
      await using simulator = await startSimulator({
        clock,
        initialObjects: 0,
        choices: { readingMarksAsSent },
      });
      const { get } = await openSession(simulator);
      const { id } = simulator.world.create('north', 'invoices');
      expect((await get(`/sales_invoices/${id}${query}`)).body).toMatchObject({ sent });
      expect(simulator.truth).toHaveLength(sent ? 2 : 1);
    }
  });
});
