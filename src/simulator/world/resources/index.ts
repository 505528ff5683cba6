import type { Resource } from '../resource.ts';
import { artefacts } from './artefacts.ts';
import { banking } from './banking.ts';
import contacts from './contacts.ts';
import { unfiltered } from './fixed.ts';
import { items } from './items.ts';
import { ledger } from './ledger.ts';
import { people } from './people.ts';
import products from './products.ts';
import salesInvoices from './sales-invoices.ts';

/** Every resource that the simulator has; each comes after those that it refers to. */
export const resources: readonly Resource[] = [
  contacts,
  products,
  salesInvoices,
  ...people,
  ...artefacts,
  ...banking,
  ...items,
  ...ledger,
  ...unfiltered,
];

/** Every name that a poller can know one of them by. */
export const resourceNames: readonly string[] = resources.flatMap(({ names, whole }) =>
  whole === undefined ? names : [...names, whole],
);
