import type { RecordContext, Resource } from '../resource.ts';
import type { Fields, Json, SageRecord } from '../sage-record.ts';
import { amount, reference, textOf } from '../sage-record.ts';

const firstWords = ['Harbour', 'Millbrook', 'Oakfield', 'Sandgate', 'Penrith', 'Larch', 'Copper', 'Marlow'];
const lastWords = ['& Pike', 'Paper', 'Joinery', 'Textiles', 'Foods', 'Optics', 'Marine', 'Press'];

const contacts: Resource = {
  path: 'contacts',
  names: ['customers', 'vendors'],
  whole: 'contacts',
  partQueries: { customers: { contact_type_id: 'CUSTOMER' }, vendors: { contact_type_id: 'VENDOR' } },
  covers: (name, query) => {
    const type = query.get('contact_type_id');
    if (name === 'contacts') return type === null;
    return type === null || type === (name === 'vendors' ? 'VENDOR' : 'CUSTOMER');
  },
  sort: [],
  filters: {
    contact_type_id: hasType,
    email: (record, value) => record['email'] === value,
    search: (record, value) => textOf(record.displayed_as).toLowerCase().includes(value.toLowerCase()),
    exclude_system: (record, value) => value !== 'true' || record['system'] !== true,
    filter_inactive_contacts: (record, value) => value !== 'true' || record['is_active'] === true,
  },
  inertParameters: [
    'nested_attributes',
    'show_balance',
    'context_date',
    'show_unfinished_recurring_invoices_status',
  ],
  hasChangeFilter: true,
  removal: 'delete',
  create,
  edit,
  canEdit: true,
  editsCanShow: true,
  isFinal: () => false,
  marksAsSent: false,
};

export default contacts;

function create(context: RecordContext): Fields & { readonly displayed_as: string | null } {
  const { random, number, name: kind } = context;
  const isVendor = kind === 'vendors';
  const name = `${random.pick(firstWords)} ${random.pick(lastWords)} Ltd`;
  const code = `${name.slice(0, 3).toUpperCase()}${String(number).padStart(3, '0')}`;
  return {
    displayed_as: `${name} (${code})`,
    deleted_at: null,
    ...plainFields(context),
    contact_types: [
      isVendor
        ? reference('contact_types', 'VENDOR', 'Vendor')
        : reference('contact_types', 'CUSTOMER', 'Customer'),
    ],
    name,
    reference: code,
    main_address: reference(
      'addresses',
      random.hex(),
      `${1 + random.integer(99)} Quay Street\nExeter\nEX1 1AA`,
    ),
    main_contact_person: reference('contact_persons', random.hex(), 'Alex Rowe'),
    credit_limit: amount(random.integer(50) * 10_000),
    credit_days: 30,
    email: `accounts@${code.toLowerCase()}.example`,
    ...(isVendor ? vendorAccounts : customerAccounts),
  };
}

const customerAccounts: Fields = {
  default_sales_ledger_account: reference(
    'ledger_accounts',
    '0335d681cde2ff9c3626d1dcb157baf7',
    'Sales - Products (4000)',
  ),
  default_sales_tax_rate: reference('tax_rates', 'GB_STANDARD', 'Standard 20.00%'),
  default_purchase_ledger_account: null,
};

const vendorAccounts: Fields = {
  default_sales_ledger_account: null,
  default_sales_tax_rate: null,
  default_purchase_ledger_account: reference(
    'ledger_accounts',
    '448090f5dd1a98aee7e29f31fc3441de',
    'Office costs (7200)',
  ),
};

function plainFields({ number }: RecordContext): Fields {
  return {
    links: [
      {
        href: `https://accounts-extra.sageone.com/advanced_uk/contacts/${1000 + number}`,
        rel: 'alternate',
        type: 'text/html',
      },
    ],
    tax_number: '',
    notes: '',
    locale: 'en-GB',
    delivery_address: null,
    credit_terms_and_conditions: null,
    product_sales_price_type: reference(
      'product_sales_price_types',
      'f0f3fe911876e9431b8dda4edab83081',
      'Sales Price',
    ),
    source_guid: null,
    currency: reference('currencies', 'GBP', 'Pound Sterling (GBP)'),
    aux_reference: null,
    registered_number: null,
    deletable: true,
    ...sameForAll,
    gdpr_obfuscated: false,
    system: false,
    is_active: true,
  };
}

const sameForAll: Fields = {
  bank_account_details: {
    account_name: null,
    account_number: null,
    sort_code: null,
    bic: null,
    iban: null,
  },
  tax_treatment: {
    home_tax: true,
    eu_tax_registered: false,
    eu_not_tax_registered: false,
    rest_of_world_tax: false,
    is_importer: false,
  },
};

function edit(record: SageRecord, { random }: RecordContext, visibly: boolean): Fields {
  if (!visibly && random.chance(0.7)) return { credit_limit: amount(random.integer(5000) * 1000) };
  let name = textOf(record['name']);
  while (name === record['name']) name = `${random.pick(firstWords)} ${random.pick(lastWords)} Ltd`;
  return { name, displayed_as: `${name} (${textOf(record['reference'])})` };
}

function hasType(record: SageRecord, type: string): boolean {
  const types = record['contact_types'];
  return Array.isArray(types) && types.some((entry: Json) => isReferenceTo(entry, type));
}

function isReferenceTo(value: Json, id: string): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && value.id === id;
}
