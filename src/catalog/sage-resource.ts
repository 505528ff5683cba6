import type { BlindSpot } from './blind-spots.ts';
import { blindSpotsOf } from './blind-spots.ts';
import { everywhere, type Editions } from './editions.ts';
import type { ResourceRow, Timestamp } from './resource-row.ts';
import { banking } from './resources/banking.ts';
import { business } from './resources/business.ts';
import { contacts } from './resources/contacts.ts';
import { ledger } from './resources/ledger.ts';
import { products } from './resources/products.ts';
import { purchases } from './resources/purchases.ts';
import { sales } from './resources/sales.ts';
import { taxes } from './resources/taxes.ts';

/** One thing that Sage Business Cloud Accounting lets read, under the name that it has in the hub. */
export interface SageResource {
  /** As in `/hubs/finance/invoices`. */
  readonly name: string;
  /** Other names that people give it; not accepted, only understood. */
  readonly aliases: readonly string[];
  /** Path of Sage's v3.1 API, such as `/sales_invoices`. */
  readonly endpoint: `/${string}`;
  /** Query that makes the endpoint this resource, such as `contact_type_id=CUSTOMER`. */
  readonly query: Readonly<Record<string, string>>;
  readonly isSingleton: boolean;
  /** Inclusive. Undefined: a poll cannot ask for what changed. */
  readonly changeFilter: 'updated_or_created_since' | undefined;
  /** Exclusive. Undefined: a poll cannot ask for what was deleted. */
  readonly deletionFilter: 'deleted_since' | undefined;
  /** Boolean field of a record that tells that it was deleted. */
  readonly deletedFlag: 'deleted' | undefined;
  readonly createdField: 'created_at' | undefined;
  readonly updatedField: 'updated_at' | undefined;
  readonly deletedField: 'deleted_at' | undefined;
  /** What its list can be sorted by; empty: the order is not defined. */
  readonly sortable: readonly string[];
  /** Query parameters that Sage takes besides paging, attributes, sort and change filters. */
  readonly filters: readonly string[];
  /** Any of these access rights lets a user read it; every user may where none is named. */
  readonly roles: readonly string[];
  readonly editions: Editions;
  readonly rarelyChanges: boolean;
  readonly isVoided: boolean;
  readonly isInLegacy: boolean;
  /** What a poll of it cannot see, and why. */
  readonly blindSpots: readonly BlindSpot[];
  /** What to do instead, as an imperative phrase; there is one wherever there is no change filter. */
  readonly alternative: string | undefined;
  readonly caveat: string | undefined;
}

const usualTimestamps: Record<ResourceRow['changes'], readonly Timestamp[]> = {
  'since-and-deleted': ['created_at', 'updated_at', 'deleted_at'],
  since: ['created_at', 'updated_at'],
  none: [],
};

const resources: readonly SageResource[] = [
  ...contacts,
  ...sales,
  ...purchases,
  ...banking,
  ...products,
  ...ledger,
  ...taxes,
  ...business,
].map(toResource);

const byName = new Map(resources.map((resource) => [resource.name, resource]));

/** Every resource, the commonly polled areas first. */
export function listResources(): readonly SageResource[] {
  return resources;
}

/** The resource of exactly this hub name; for near misses there is `suggestResource`. */
export function findResource(name: string): SageResource | undefined {
  return byName.get(name);
}

function toResource(row: ResourceRow): SageResource {
  const timestamps = row.timestamps ?? usualTimestamps[row.changes];
  return {
    name: row.name,
    aliases: row.aliases ?? [],
    endpoint: row.endpoint,
    query: row.query ?? {},
    isSingleton: row.isSingleton ?? false,
    changeFilter: row.changes === 'none' ? undefined : 'updated_or_created_since',
    deletionFilter: row.changes === 'since-and-deleted' ? 'deleted_since' : undefined,
    deletedFlag: row.hasDeletedFlag === true ? 'deleted' : undefined,
    createdField: timestamps.includes('created_at') ? 'created_at' : undefined,
    updatedField: timestamps.includes('updated_at') ? 'updated_at' : undefined,
    deletedField: timestamps.includes('deleted_at') ? 'deleted_at' : undefined,
    sortable: row.sortable ?? [],
    filters: row.filters ?? [],
    roles: row.roles ?? [],
    editions: row.editions ?? everywhere,
    rarelyChanges: row.rarelyChanges ?? false,
    isVoided: row.isVoided ?? false,
    isInLegacy: row.isInLegacy ?? true,
    blindSpots: blindSpotsOf(row),
    alternative: row.changes === 'none' ? row.alternative : undefined,
    caveat: row.caveat,
  };
}
