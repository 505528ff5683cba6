import { defineResource } from '../define-resource.ts';
import type { ResourceDefinition } from '../define-resource.ts';
import {
  code,
  costAccount,
  day,
  linkOutside,
  linkTo,
  money,
  numbered,
  officeAccount,
  oneOf,
  salesAccount,
  standardRate,
  title,
} from '../record-shape.ts';
import type { RecordContext, Resource } from '../resource.ts';
import type { Fields, Json, SageRecord } from '../sage-record.ts';
import { reference } from '../sage-record.ts';

const ledgerAccounts = defineResource({
  path: 'ledger_accounts',
  name: 'ledger-accounts',
  shape: {
    ledger_account_group: { id: 'INCOME', displayed_as: 'Income' },
    name: title('Sales', 'Repairs', 'Travel'),
    display_name: title('Sales', 'Repairs', 'Travel'),
    visible_scopes: ['sales', 'other_receipt', 'journals', 'reporting'],
    included_in_chart: true,
    nominal_code: ({ number }) => 4000 + number,
    ledger_account_type: reference('ledger_account_types', 'SALES', 'Sales'),
    ledger_account_classification: null,
    tax_rate: standardRate,
    fixed_tax_rate: false,
    visible_in_banking: false,
    visible_in_expenses: false,
    visible_in_journals: true,
    visible_in_other_payments: false,
    visible_in_other_receipts: true,
    visible_in_reporting: true,
    visible_in_sales: true,
    balance_details: {
      balance: '120.0',
      credit_or_debit: 'credit',
      credits: '120.0',
      debits: '0.0',
      from_date: null,
      to_date: null,
    },
    is_control_account: false,
    control_name: null,
    display_formatted: numbered('Account '),
  },
  shownBy: 'name',
  edits: ['name', 'display_name'],
  removal: 'never',
  parameters: [
    'exclude_deleted_entries',
    'filter_inactive_bank_accounts',
    'from_date',
    'ledger_account_classification_id',
    'ledger_account_type_id',
    'not_visible_in',
    'search',
    'show_balance_details',
    'show_control_accounts',
    'show_included_in_chart',
    'sort_order_from_user_setting',
    'to_date',
    'visible_in',
  ],
});

const journals = defineResource({
  path: 'journals',
  name: 'journal-entries',
  shape: {
    transaction: linkOutside('transactions', 'Depreciation March'),
    transaction_type: reference('transaction_types', 'JOURNAL', 'Journal'),
    date: day(),
    reference: title('Depreciation', 'Accrual', 'Correction'),
    description: 'Monthly',
    total: '100.0',
    journal_code: null,
    journal_lines: ({ random }) => [
      journalLine(random.hex(), officeAccount, ['100.0', '0.0']),
      journalLine(random.hex(), costAccount, ['0.0', '100.0']),
    ],
    migrated: false,
  },
  shownBy: 'reference',
  edits: [],
  removal: 'delete',
});

function journalLine(id: string, account: typeof officeAccount, [debit, credit]: readonly [string, string]) {
  return {
    id,
    ledger_account: account,
    details: debit === '0.0' ? 'Accumulated' : 'Charge',
    debit,
    credit,
    include_on_tax_return: false,
    tax_reconciled: false,
    cleared: false,
    bank_reconciled: false,
  };
}

const transactions = defineResource({
  path: 'transactions',
  name: 'transactions',
  shape: {
    date: day(),
    reference: code('PO-'),
    total: money(900),
    total_in_transaction_currency: money(900),
    contact: linkTo('customers'),
    transaction_type: oneOf('transaction_types', [
      ['SALES_INVOICE', 'Sales Invoice'],
      ['JOURNAL', 'Journal'],
    ]),
    origin: originOf,
    audit_trail_id: numbered(''),
    number_of_attachments: '0',
  },
  shownBy: undefined,
  edits: ['reference', 'total'],
  removal: 'flag',
  parameters: [
    'from_date',
    'has_attachments',
    'to_date',
    'transaction_type_id',
    'updated_from_date',
    'updated_to_date',
  ],
});

/** What was posted, with more than a link says. */
function originOf({ find }: RecordContext): Json {
  const invoice = find('invoices');
  if (invoice === undefined) return null;
  const { links, due_date, outstanding_amount, currency, status, sent } = invoice;
  const known = { links, due_date, outstanding_amount, currency, status, sent };
  return {
    ...referenceFields(invoice),
    ...Object.fromEntries(
      Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  };
}

function referenceFields({ id, displayed_as, $path }: SageRecord): Fields {
  return { id, displayed_as, $path };
}

const ledgerEntries = defineResource({
  path: 'ledger_entries',
  name: 'ledger-entries',
  shape: {
    date: day(),
    credit: money(900),
    debit: '0.0',
    ledger_account: salesAccount,
    transaction: linkTo('transactions'),
    contact: linkTo('customers'),
    tax_rate: standardRate,
    description: title('Oak frame', 'Steel shelf'),
    journal_code: null,
  },
  shownBy: undefined,
  edits: ['description', 'credit'],
  removal: 'flag',
  parameters: [
    'from_date',
    'journal_code_id',
    'ledger_account_id',
    'to_date',
    'transaction_id',
    'transaction_type_id',
  ],
});

/** A short record that a name tells all of. */
function named(
  row: Pick<ResourceDefinition, 'path' | 'name' | 'removal' | 'shape' | 'parameters'>,
): Resource {
  const shape = { name: title('Standard', 'General', 'Special'), ...row.shape };
  return defineResource({ ...row, shape, shownBy: 'name', edits: ['name'] });
}

const taxRates = named({
  path: 'tax_rates',
  name: 'tax-rates',
  removal: 'vanish',
  shape: {
    agency: null,
    percentage: money(20),
    percentages: [{ percentage: '20.0', from_date: '2011-01-04', to_date: null }],
    is_visible: true,
    retailer: false,
    editable: false,
    deletable: false,
    is_combined_rate: false,
    component_tax_rates: [],
  },
  parameters: [
    'address_region_id',
    'cis_only',
    'date',
    'include_destination_vat_rates',
    'include_historical_data',
    'usage',
  ],
});

const openingBalances = defineResource({
  path: 'ledger_account_opening_balances',
  name: 'ledger-account-opening-balances',
  shape: {
    ledger_account: linkTo('ledger-accounts'),
    date: day(),
    debit: '0.0',
    credit: money(900),
    details: title('Opening balance'),
  },
  shownBy: 'details',
  edits: ['credit'],
  removal: 'vanish',
});

/** The books themselves, and the names that they are kept under. */
export const ledger: readonly Resource[] = [
  ledgerAccounts,
  journals,
  transactions,
  ledgerEntries,
  openingBalances,
  named({
    path: 'coa_accounts',
    name: 'coa-accounts',
    removal: 'never',
    shape: { nominal_code: numbered('4') },
    parameters: ['coa_template_id'],
  }),
  named({ path: 'journal_codes', name: 'journal-codes', removal: 'vanish', shape: { code: numbered('J') } }),
  named({
    path: 'analysis_types',
    name: 'analysis-types',
    removal: 'never',
    shape: { analysis_type_level: 1, active: true },
    parameters: ['analysis_type_level', 'search'],
  }),
  named({
    path: 'analysis_type_categories',
    name: 'analysis-type-categories',
    removal: 'vanish',
    shape: { code: numbered('A'), analysis_type: linkTo('analysis-types') },
    parameters: ['analysis_type_level'],
  }),
  taxRates,
  named({
    path: 'tax_profiles',
    name: 'tax-profiles',
    removal: 'never',
    shape: { tax_number: numbered('GB'), country: reference('countries', 'GB', 'United Kingdom (GB)') },
  }),
];
