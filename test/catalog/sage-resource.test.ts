import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findResource, listResources, type SageResource } from '../../src/catalog/sage-resource.ts';

const factsFile = new URL('../../../shared/facts/sage-resources.json', import.meta.url);

interface Facts {
  readonly resources: readonly FactRow[];
  readonly cloud_names: readonly CloudName[];
  readonly cloud_names_suggested_additions: readonly CloudName[];
}

interface FactRow {
  readonly path: string;
  readonly kind: 'list' | 'singleton';
  readonly updated_or_created_since: boolean;
  readonly deleted_since: boolean;
  readonly timestamps: readonly string[];
  readonly deleted_flag: boolean;
  readonly sort: readonly string[];
  readonly filters: readonly string[];
  readonly editions: Readonly<Record<string, readonly string[]>>;
  readonly role_areas: readonly string[];
  readonly rarely_changes: boolean;
  readonly in_legacy_v3: boolean;
  readonly delete_summary: string | null;
}

interface CloudName {
  readonly name: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

describe('the catalog', () => {
  test('has no name twice, neither as a name nor as an alias', () => {
    const names = listResources().flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('finds a resource by exactly its name', () => {
    expect(findResource('customers')?.endpoint).toBe('/contacts');
    expect(findResource('Customers')).toBeUndefined();
    expect(findResource('sales_invoices')).toBeUndefined();
    expect(findResource('__proto__')).toBeUndefined();
  });

  test.each(listResources().filter(({ changeFilter }) => changeFilter === undefined))(
    'says that a poll of $name is blind to changes, and what to do instead',
    ({ blindSpots, alternative }) => {
      expect(blindSpots.map(({ to }) => to)).toContain('changes');
      expect(alternative).toMatch(/^(?:read|poll|ask) /);
    },
  );

  test.each(listResources().filter(({ changeFilter }) => changeFilter !== undefined))(
    'offers both dates and no alternative for $name, which can be polled',
    (resource) => {
      expect([resource.createdField, resource.updatedField]).toEqual(['created_at', 'updated_at']);
      expect(resource.alternative).toBeUndefined();
    },
  );

  test('names in its alternatives only resources that can be polled', () => {
    const named = listResources().flatMap(({ alternative }) => [
      ...(alternative ?? '').matchAll(/"([^"]+)"/g),
    ]);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(([, name]) => !findResource(name ?? '')?.changeFilter)).toEqual([]);
  });

  test('is blind to deletions exactly where Sage neither filters nor flags them', () => {
    expect(blindTo('customers')).toEqual([]);
    expect(blindTo('sales-quotes')).toEqual(['deletions']);
    expect(blindTo('transactions')).toEqual([]);
    expect(blindTo('invoices')).toEqual(['voids']);
    expect(blindTo('stock-movements')).toEqual(['changes', 'deletions']);
    expect(blindTo('invoice-settings')).toEqual(['changes']);
  });
});

describe.skipIf(!existsSync(factsFile))('the catalog against the researched facts', () => {
  const { resources: rows, cloud_names, cloud_names_suggested_additions } = readFacts();
  const names = [...cloud_names, ...cloud_names_suggested_additions];

  test('has every endpoint, and none that the facts do not know', () => {
    const endpoints = new Set<string>(listResources().map(({ endpoint }) => endpoint));
    expect([...endpoints].sort()).toEqual([...rows.map(({ path }) => path), '/businesses', '/user'].sort());
  });

  test.each(rows)('agrees on $path', (row) => {
    const resources = listResources().filter(({ endpoint }) => endpoint === row.path);
    expect(resources).not.toEqual([]);
    for (const resource of resources) expect(asFacts(resource)).toEqual(expectedOf(row));
  });

  test.each(names)('knows $name as the hub does', ({ name, path, query }) => {
    expect(findResource(name)).toMatchObject({ endpoint: path, query: query ?? {} });
  });
});

function readFacts(): Facts {
  if (!existsSync(factsFile)) return { resources: [], cloud_names: [], cloud_names_suggested_additions: [] };
  const facts: Facts = JSON.parse(readFileSync(factsFile, 'utf8'));
  return facts;
}

function blindTo(name: string) {
  return findResource(name)?.blindSpots.map(({ to }) => to);
}

function asFacts(resource: SageResource) {
  return {
    kind: resource.isSingleton ? 'singleton' : 'list',
    since: resource.changeFilter !== undefined,
    deleted: resource.deletionFilter !== undefined,
    timestamps: [resource.createdField, resource.updatedField, resource.deletedField].filter(Boolean),
    flag: resource.deletedFlag !== undefined,
    sort: resource.sortable,
    filters: [...resource.filters, ...Object.keys(resource.query)].sort(),
    editions: sortCountries(resource.editions),
    roles: resource.roles,
    rarelyChanges: resource.rarelyChanges,
    inLegacy: resource.isInLegacy,
    isVoided: resource.isVoided,
  };
}

function expectedOf(row: FactRow) {
  const order = ['created_at', 'updated_at', 'deleted_at'];
  return {
    kind: row.kind,
    since: row.updated_or_created_since,
    deleted: row.deleted_since,
    timestamps: order.filter((field) => row.timestamps.includes(field)),
    flag: row.deleted_flag,
    sort: row.sort,
    filters: [...row.filters].sort(),
    editions: sortCountries(row.editions),
    roles: row.role_areas,
    rarelyChanges: row.rarely_changes,
    inLegacy: row.in_legacy_v3,
    isVoided: row.delete_summary?.startsWith('Voids') ?? false,
  };
}

function sortCountries(editions: Readonly<Record<string, readonly string[] | undefined>>) {
  return Object.fromEntries(
    Object.entries(editions).map(([edition, countries]) => [edition, [...(countries ?? [])].sort()]),
  );
}
