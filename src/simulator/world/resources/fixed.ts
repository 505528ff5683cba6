import { defineResource } from '../define-resource.ts';
import { money, numbered } from '../record-shape.ts';
import type { Resource } from '../resource.ts';

const untimed = ['created_at', 'updated_at'] as const;

/** Sage's own values, which no user changes: a list of codes. Those of the lists that nobody documents are made up. */
const codes: Readonly<Record<string, readonly string[]>> = {
  contact_types: ['CUSTOMER', 'VENDOR'],
  contact_person_types: ['ACCOUNTS', 'PURCHASING', 'SALES'],
  address_types: ['ACCOUNTS', 'DELIVERY', 'SALES'],
  address_regions: ['GB_ENGLAND', 'GB_SCOTLAND', 'GB_WALES'],
  contact_opening_balance_types: ['INVOICE', 'CREDIT_NOTE'],
  quick_entry_types: ['INVOICE', 'CREDIT_NOTE'],
  artefact_statuses: ['UNPAID', 'PART_PAID', 'PAID', 'VOID', 'DRAFT', 'DISPUTED', 'DECLINED', 'PRO_FORMA'],
  corrective_reason_codes: ['R1', 'R2'],
  attachment_context_types: ['CONTACT', 'SALES_INVOICE', 'PURCHASE_INVOICE'],
  unallocated_artefacts: ['UNALLOCATED_1'],
  bank_account_types: ['CHECKING', 'SAVINGS', 'CREDIT_CARD', 'CASH_IN_HAND', 'LOAN', 'OTHER', 'STRIPE'],
  payment_methods: ['CASH', 'CHECK', 'CREDIT_DEBIT', 'ELECTRONIC'],
  catalog_item_types: ['PRODUCT', 'STOCK_ITEM', 'SERVICE'],
  ledger_account_types: ['SALES', 'OTHER_INCOME', 'DIRECT_EXPENSES', 'OVERHEADS', 'BANK', 'EQUITY'],
  ledger_account_classifications: ['GB_SALES', 'GB_OVERHEADS'],
  journal_code_types: ['SALES', 'PURCHASES', 'CASH'],
  transaction_types: [
    'CUSTOMER_RECEIPT',
    'CUSTOMER_REFUND',
    'VENDOR_PAYMENT',
    'VENDOR_REFUND',
    'OTHER_PAYMENT',
    'OTHER_RECEIPT',
    'OTHER_PAYMENT_REFUND',
    'OTHER_RECEIPT_REFUND',
    'CUSTOMER_ALLOCATION',
    'VENDOR_ALLOCATION',
  ],
  tax_types: ['GB_VAT'],
  tax_schemes: ['GB_STANDARD_SCHEME', 'GB_CASH_SCHEME', 'GB_NOT_REGISTERED'],
  tax_offices: ['GB_OFFICE'],
  tax_return_frequencies: ['MONTHLY', 'QUARTERLY', 'ANNUALLY'],
  eu_goods_services_types: ['GOODS', 'SERVICES'],
  eu_sales_descriptions: ['STANDARD', 'TRIANGULATION'],
  hosted_artefact_payment_settings: ['HOSTED_1'],
  currencies: ['GBP', 'EUR', 'USD'],
  countries: ['GB', 'IE', 'CA'],
  country_groups: ['GBIE', 'EU', 'ALL'],
  countries_of_registration: ['GB', 'IE'],
  business_types: ['SOLE_TRADER', 'LIMITED'],
  business_activity_types: ['RETAIL', 'SERVICES'],
  legal_form_types: ['LIMITED'],
};

/** Query parameters that some of them take, and that change nothing here. */
const parametersOf: Readonly<Record<string, readonly string[]>> = {
  address_regions: ['country_id'],
  hosted_artefact_payment_settings: ['object_guid'],
  unallocated_artefacts: ['contact_id', 'search'],
  ledger_account_types: ['ledger_account_classification_id'],
  ledger_account_classifications: ['ledger_account_type_id'],
  transaction_types: ['valid_for_business'],
  tax_return_frequencies: ['tax_type_id'],
  coa_templates: ['country_id'],
  tax_determinations: [
    'artefact_id',
    'artefact_line_amount',
    'artefact_line_description',
    'artefact_line_goods_services_type',
    'artefact_line_id',
    'artefact_line_tax_included',
    'contact_id',
    'date',
    'include_destination_vat',
    'include_line_determination',
    'retailer_rates',
    'usage',
  ],
};

function lookup([path, ids]: readonly [string, readonly string[]]): Resource {
  return {
    ...defineResource({
      path,
      name: path.replaceAll('_', '-'),
      shape: { name: ({ number }) => readable(ids[number - 1] ?? path) },
      shownBy: 'name',
      edits: [],
      removal: 'never',
      hasChangeFilter: false,
      parameters: parametersOf[path] ?? [],
    }),
    fixedIds: ids,
    hides: untimed,
  };
}

/** Lists with times, but without a filter by them. */
const timed = [
  'opening_balance_journals',
  'coa_templates',
  'migration_tax_returns',
  'tax_determinations',
  'exchange_rates',
  'business_exchange_rates',
  'live_exchange_rates',
];

function timedList(path: string): Resource {
  const resource = defineResource({
    path,
    name: path.replaceAll('_', '-'),
    shape: {
      name: numbered(`${readable(path)} `),
      rate: money(2),
      ...(path === 'opening_balance_journals' && { deleted_at: null }),
    },
    shownBy: 'name',
    edits: ['rate'],
    removal: 'vanish',
    hasChangeFilter: false,
    parameters: parametersOf[path] ?? [],
  });
  return path === 'live_exchange_rates' ? { ...resource, hides: ['created_at'] } : resource;
}

/** One record each, which is always there. */
const settings = [
  'business_settings',
  'financial_settings',
  'invoice_settings',
  'email_settings',
  'cis_settings',
  'datev_settings',
  'migrations',
];

function setting(path: string): Resource {
  return {
    ...lookup([path, [path.toUpperCase()]]),
    isSingleton: true,
    hides: path === 'cis_settings' || path === 'migrations' ? untimed : ['created_at'],
  };
}

/** `CREDIT_NOTE` as `Credit note`. */
function readable(text: string): string {
  const words = text.replaceAll('_', ' ').toLowerCase();
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** What a poll cannot ask for changes of: Sage's own values, rates and settings. */
export const unfiltered: readonly Resource[] = [
  ...Object.entries(codes).map(lookup),
  ...timed.map(timedList),
  ...settings.map(setting),
];
