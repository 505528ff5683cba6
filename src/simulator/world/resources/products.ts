import type { RecordContext, Resource } from '../resource.ts';
import type { Fields, SageRecord } from '../sage-record.ts';
import { amount, reference, sageTime, textOf } from '../sage-record.ts';

const materials = ['Oak', 'Ash', 'Steel', 'Brass', 'Linen', 'Slate'];
const things = ['frame A4', 'frame A3', 'shelf', 'hook', 'lamp', 'tray'];

const products: Resource = {
  path: 'products',
  names: ['products'],
  covers: () => true,
  sort: [],
  filters: {
    search: (record, value) => textOf(record.displayed_as).toLowerCase().includes(value.toLowerCase()),
    active: (record, value) => textOf(record['active']) === value,
  },
  inertParameters: [],
  hasChangeFilter: true,
  removal: 'delete',
  create,
  edit,
  canEdit: true,
  editsCanShow: true,
  isFinal: () => false,
  marksAsSent: false,
};

export default products;

function create({ random, number, nowMs }: RecordContext): Fields & { readonly displayed_as: string | null } {
  const description = `${random.pick(materials)} ${random.pick(things)} ${number}`;
  const pence = 100 + random.integer(10_000);
  return {
    displayed_as: description,
    deleted_at: null,
    deletable: true,
    deactivatable: true,
    used_on_recurring_invoice: false,
    item_code: `ITEM-${number}`,
    description,
    notes: '',
    ...accounts,
    usual_supplier: null,
    cost_price: amount(Math.floor(pence / 3)),
    source_guid: null,
    purchase_description: '',
    active: true,
    sales_prices: [price(random.hex(), pence, sageTime(nowMs), sageTime(nowMs))],
    catalog_item_type: reference('catalog_item_types', 'PRODUCT', 'Non-stock'),
  };
}

const accounts: Fields = {
  sales_ledger_account: reference(
    'ledger_accounts',
    '0335d681cde2ff9c3626d1dcb157baf7',
    'Sales - Products (4000)',
  ),
  sales_tax_rate: reference('tax_rates', 'GB_STANDARD', 'Standard 20.00%'),
  purchase_ledger_account: reference(
    'ledger_accounts',
    'd3cbdf7dab0ecf8d95bef1fabf61357c',
    'Cost of Sales - Goods (5000)',
  ),
  purchase_tax_rate: reference('tax_rates', 'GB_STANDARD', 'Standard 20.00%'),
};

function price(id: string, pence: number, createdAt: string, updatedAt: string): Fields {
  return {
    id,
    displayed_as: 'Sales Price',
    created_at: createdAt,
    updated_at: updatedAt,
    price_name: 'Sales Price',
    price: amount(pence),
    price_includes_tax: false,
    product_sales_price_type: reference(
      'product_sales_price_types',
      'f0f3fe911876e9431b8dda4edab83081',
      'Sales Price',
    ),
  };
}

function edit(record: SageRecord, context: RecordContext, visibly: boolean): Fields {
  const { random, number, nowMs } = context;
  if (!visibly && random.chance(0.7)) {
    const pence = 100 + random.integer(10_000);
    return { sales_prices: [price(random.hex(), pence, record.created_at, sageTime(nowMs))] };
  }
  let description = textOf(record.displayed_as);
  while (description === record.displayed_as) {
    description = `${random.pick(materials)} ${random.pick(things)} ${number}`;
  }
  return { displayed_as: description, description };
}
