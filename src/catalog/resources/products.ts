import { plusOnly } from '../editions.ts';
import type { ResourceRow } from '../resource-row.ts';
import { lookupAlternative } from '../wording.ts';

export const products: readonly ResourceRow[] = [
  {
    name: 'products',
    aliases: ['items'],
    endpoint: '/products',
    changes: 'since-and-deleted',
    filters: ['search', 'active'],
    roles: ['Products & Services', 'Purchases', 'Sales'],
  },
  {
    name: 'services',
    endpoint: '/services',
    changes: 'since-and-deleted',
    filters: ['search', 'active'],
    roles: ['Products & Services', 'Purchases', 'Sales'],
  },
  {
    name: 'stock-items',
    endpoint: '/stock_items',
    changes: 'since-and-deleted',
    filters: ['search', 'active', 'out_of_stock', 'below_reorder_level'],
    roles: ['Products & Services', 'Purchases', 'Sales'],
    editions: plusOnly,
    caveat: 'A sale changes the quantity in stock; whether it changes updated_at too is not documented.',
  },
  {
    name: 'stock-movements',
    endpoint: '/stock_movements',
    changes: 'none',
    timestamps: ['created_at', 'updated_at'],
    filters: ['search', 'stock_item_id', 'from_date', 'to_date'],
    roles: ['Products & Services', 'Purchases', 'Sales'],
    editions: plusOnly,
    alternative:
      'poll "stock-items", and read the movements of the items that changed (filter stock_item_id)',
  },
  {
    name: 'product-sales-price-types',
    endpoint: '/product_sales_price_types',
    changes: 'none',
    timestamps: ['created_at', 'updated_at'],
    filters: ['active'],
    roles: ['Products & Services', 'Purchases', 'Sales'],
    rarelyChanges: true,
    alternative: 'read it whole, once a day: a business has a handful of them',
  },
  {
    name: 'service-rate-types',
    endpoint: '/service_rate_types',
    changes: 'since',
    filters: ['active'],
    roles: ['Products & Services', 'Purchases', 'Sales'],
    rarelyChanges: true,
  },
  {
    name: 'catalog-item-types',
    endpoint: '/catalog_item_types',
    changes: 'none',
    rarelyChanges: true,
    alternative: lookupAlternative,
  },
];
