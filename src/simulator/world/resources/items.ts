import { defineResource } from '../define-resource.ts';
import {
  code,
  costAccount,
  linkOutside,
  money,
  numbered,
  salesAccount,
  standardRate,
  title,
} from '../record-shape.ts';
import type { Maker, Shape } from '../record-shape.ts';
import type { Resource } from '../resource.ts';
import { amount, reference, sageTime } from '../sage-record.ts';

/** What services and stock have in common with products. */
const sold: Shape = {
  deletable: true,
  deactivatable: true,
  used_on_recurring_invoice: false,
  item_code: numbered('ITEM-'),
  notes: '',
  sales_ledger_account: salesAccount,
  sales_tax_rate: standardRate,
  purchase_ledger_account: costAccount,
  purchase_tax_rate: standardRate,
  usual_supplier: null,
  cost_price: money(90),
  source_guid: null,
  purchase_description: '',
  active: true,
};

/** A price with times of its own, which are those of its item's making. */
function price(kind: 'price' | 'rate'): Maker {
  const path = kind === 'price' ? 'product_sales_price_types' : 'service_rate_types';
  const shown = kind === 'price' ? 'Sales Price' : 'Rate';
  return ({ random, nowMs }) => [
    {
      id: random.hex(),
      displayed_as: shown,
      created_at: sageTime(nowMs),
      updated_at: sageTime(nowMs),
      [`${kind}_name`]: shown,
      [kind]: amount(100 + random.integer(9000)),
      [`${kind}_includes_tax`]: false,
      [path.replace(/s$/, '')]: reference(path, random.hex(), shown),
    },
  ];
}

const services = defineResource({
  path: 'services',
  name: 'services',
  shape: {
    ...sold,
    description: title('Framing labour', 'Delivery', 'Fitting'),
    sales_rates: price('rate'),
  },
  shownBy: 'description',
  edits: ['description', 'sales_rates'],
  removal: 'delete',
  parameters: ['active', 'search'],
});

const stockItems = defineResource({
  path: 'stock_items',
  name: 'stock-items',
  shape: {
    ...sold,
    description: title('Picture glass', 'Oak board', 'Brass hook'),
    sales_prices: price('price'),
    reorder_level: '10.0',
    reorder_quantity: '50.0',
    location: code('Rack '),
    barcode: '',
    supplier_part_number: numbered('MB-'),
    weight: '1.2',
    measurement_unit: 'KG',
    quantity_in_stock: money(90),
    last_cost_price: '3.4',
    last_cost_price_stock_value: '125.8',
    average_cost_price: '3.35',
    average_cost_price_stock_value: '123.95',
    cost_price_last_updated: '2026-02-20',
  },
  shownBy: 'description',
  edits: ['description', 'quantity_in_stock', 'location'],
  removal: 'delete',
  parameters: ['active', 'below_reorder_level', 'out_of_stock', 'search'],
});

const stockMovements = defineResource({
  path: 'stock_movements',
  name: 'stock-movements',
  shape: {
    stock_item: linkOutside('stock_items', 'Picture glass'),
    date: '2026-03-02',
    quantity: money(9),
    cost_price: money(9),
    details: title('Adjustment', 'Count'),
  },
  shownBy: 'details',
  edits: ['quantity'],
  removal: 'vanish',
  hasChangeFilter: false,
  parameters: ['from_date', 'search', 'stock_item_id', 'to_date'],
});

function priceType(path: 'service_rate_types' | 'product_sales_price_types', name: string): Resource {
  return defineResource({
    path,
    name,
    shape: { name: title('Trade', 'Retail', 'Weekend'), active: true },
    shownBy: 'name',
    edits: ['name'],
    removal: 'vanish',
    hasChangeFilter: path === 'service_rate_types',
    parameters: ['active'],
  });
}

/** What is sold, besides products. */
export const items: readonly Resource[] = [
  services,
  stockItems,
  stockMovements,
  priceType('service_rate_types', 'service-rate-types'),
  priceType('product_sales_price_types', 'product-sales-price-types'),
];
