import type { Resource } from '../resource.ts';
import contacts from './contacts.ts';
import products from './products.ts';
import salesInvoices from './sales-invoices.ts';

/** Every resource that the simulator has; invoices come last because they refer to the other two. */
export const resources: readonly Resource[] = [contacts, products, salesInvoices];
