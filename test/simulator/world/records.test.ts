import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { createManualClock } from '../manual-clock.ts';
import { fieldOf, namesOf } from '../sage-session.ts';

const facts = new URL('../../../../shared/facts/sage-resources.json', import.meta.url);

test.skipIf(!existsSync(facts)).each([
  ['customers', 'contacts:customer'],
  ['vendors', 'contacts:vendor'],
  ['products', 'products'],
  ['invoices', 'sales_invoices'],
  ['sales-credit-notes', 'sales_credit_notes'],
  ['sales-quotes', 'sales_quotes'],
  ['purchase-invoices', 'purchase_invoices'],
  ['payments', 'contact_payments'],
  ['other-payments', 'other_payments'],
  ['services', 'services'],
  ['stock-items', 'stock_items'],
  ['ledger-accounts', 'ledger_accounts'],
  ['bank-accounts', 'bank_accounts'],
  ['tax-rates', 'tax_rates'],
  ['journal-entries', 'journals'],
  ['transactions', 'transactions'],
  ['ledger-entries', 'ledger_entries'],
  ['addresses', 'addresses'],
])('%s have the attributes of the recorded example, of the same kinds', async (name, example) => {
  const examples = fieldOf(JSON.parse(readFileSync(facts, 'utf8')), 'item_examples');
  const item = fieldOf(fieldOf(examples, example), 'item');
  await using simulator = await startSimulator({ clock: createManualClock(), initialObjects: 0 });
  for (const before of ['customers', 'vendors', 'products', 'invoices', 'bank-accounts', 'transactions'])
    simulator.world.create('north', before);
  const { record } = simulator.world.create('north', name);
  expect(kindsOf(record)).toEqual(kindsOf(item));
});

/** Sage's amounts are strings and its links are objects; nothing else of a value is compared. */
function kindsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(kindsOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(namesOf(value).map((name) => [name, kindsOf(fieldOf(value, name))]));
}
