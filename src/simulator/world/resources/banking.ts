import { defineResource } from '../define-resource.ts';
import {
  code,
  day,
  linkOutside,
  linkTo,
  money,
  numbered,
  officeAccount,
  oneOf,
  pounds,
  standardRate,
  title,
  webLinks,
} from '../record-shape.ts';
import type { Shape } from '../record-shape.ts';
import type { Resource } from '../resource.ts';
import { reference } from '../sage-record.ts';

const usualSort = ['created_at', 'updated_at', 'date'];
const card = reference('payment_methods', 'CREDIT_DEBIT', 'Credit/Debit Card');

const bankAccounts = defineResource({
  path: 'bank_accounts',
  name: 'bank-accounts',
  shape: {
    bank_account_details: {
      account_name: 'Current',
      account_number: '00012345',
      sort_code: '000000',
      bic: null,
      iban: null,
    },
    ledger_account: linkOutside('ledger_accounts', 'Current (1200)'),
    bank_account_type: oneOf('bank_account_types', [
      ['CHECKING', 'Current'],
      ['SAVINGS', 'Savings'],
    ]),
    balance: money(5000),
    main_address: linkOutside('addresses', 'United Kingdom'),
    main_contact_person: linkOutside('contact_persons', 'Main Contact'),
    nominal_code: null,
    editable: true,
    deletable: false,
    journal_code: null,
    default_payment_method: card,
    gifi_code: null,
    is_active: true,
  },
  shownBy: undefined,
  title: title('Current', 'Savings', 'Reserve'),
  edits: ['balance'],
  removal: 'delete',
  parameters: ['appName', 'exclude_stripe', 'filter_inactive_bank_accounts'],
});

/** What every movement of money has. */
const moved: Shape = {
  transaction: linkOutside('transactions', null),
  date: day(),
};

const payments = defineResource({
  path: 'contact_payments',
  name: 'payments',
  shape: {
    links: webLinks('contact_payments'),
    ...moved,
    transaction_type: oneOf('transaction_types', [
      ['CUSTOMER_RECEIPT', 'Customer Receipt'],
      ['VENDOR_PAYMENT', 'Vendor Payment'],
    ]),
    payment_method: card,
    contact: linkTo('customers'),
    bank_account: linkTo('bank-accounts'),
    net_amount: money(900),
    tax_amount: '0.0',
    total_amount: money(900),
    currency: pounds,
    exchange_rate: '1.0',
    base_currency_net_amount: money(900),
    base_currency_tax_amount: '0.0',
    base_currency_total_amount: money(900),
    base_currency_currency_charge: '0.0',
    reference: code('RCPT-'),
    allocated_artefacts: (context) => [
      {
        id: context.random.hex(),
        artefact: linkTo('invoices')(context),
        amount: '144.0',
        discount: '0.0',
      },
    ],
    tax_rate: null,
    payment_on_account: null,
    editable: true,
  },
  shownBy: 'reference',
  edits: ['total_amount', 'reference'],
  removal: 'delete',
  sort: usualSort,
  parameters: ['bank_account_id', 'contact_id', 'from_date', 'to_date', 'transaction_type_id'],
});

const otherPayments = defineResource({
  path: 'other_payments',
  name: 'other-payments',
  shape: {
    ...moved,
    transaction_type: oneOf('transaction_types', [
      ['OTHER_PAYMENT', 'Other Payment'],
      ['OTHER_RECEIPT', 'Other Receipt'],
    ]),
    payment_method: card,
    contact: null,
    bank_account: linkTo('bank-accounts'),
    net_amount: money(50),
    tax_amount: '10.0',
    total_amount: money(60),
    reference: title('Window cleaning', 'Parking', 'Stamps'),
    payment_lines: ({ random }) => [
      {
        id: random.hex(),
        displayed_as: 'Window cleaning',
        ledger_account: officeAccount,
        details: 'Window cleaning',
        tax_rate: standardRate,
        net_amount: '50.0',
        tax_amount: '10.0',
        total_amount: '60.0',
        is_purchase_for_resale: false,
        trade_of_asset: false,
      },
    ],
    editable: true,
    deletable: true,
  },
  shownBy: 'reference',
  edits: ['reference', 'total_amount'],
  removal: 'delete',
  sort: usualSort,
  parameters: [
    'bank_account_id',
    'contact_id',
    'from_date',
    'has_attachments',
    'to_date',
    'transaction_type_id',
  ],
});

const allocations = defineResource({
  path: 'contact_allocations',
  name: 'contact-allocations',
  shape: {
    ...moved,
    transaction_type: oneOf('transaction_types', [
      ['CUSTOMER_ALLOCATION', 'Customer Allocation'],
      ['VENDOR_ALLOCATION', 'Vendor Allocation'],
    ]),
    contact: linkTo('customers'),
    allocated_artefacts: [],
    reference: numbered('ALLOC-'),
    total_amount: money(900),
  },
  shownBy: 'reference',
  edits: ['total_amount'],
  removal: 'delete',
  sort: usualSort,
  parameters: ['contact_id', 'transaction_type_id'],
});

const deposits = defineResource({
  path: 'bank_deposits',
  name: 'bank-deposits',
  shape: {
    ...moved,
    transaction_type: reference('transaction_types', 'BANK_DEPOSIT', 'Bank Deposit'),
    from_bank_account: linkTo('bank-accounts'),
    to_bank_account: linkTo('bank-accounts'),
    total_amount: money(900),
    reference: numbered('DEP-'),
    description: 'Takings',
  },
  shownBy: 'reference',
  edits: [],
  removal: 'delete',
  sort: usualSort,
  parameters: ['from_date', 'to_date'],
});

const transfers = defineResource({
  path: 'bank_transfers',
  name: 'bank-transfers',
  shape: {
    ...moved,
    transaction_type: reference('transaction_types', 'BANK_TRANSFER', 'Bank Transfer'),
    from_bank_account: linkTo('bank-accounts'),
    to_bank_account: linkTo('bank-accounts'),
    amount: money(900),
    reference: numbered('TRF-'),
    description: title('To savings', 'From savings'),
  },
  shownBy: 'reference',
  edits: ['amount', 'description'],
  removal: 'delete',
  sort: usualSort,
  parameters: ['from_date', 'to_date'],
});

const reconciliations = defineResource({
  path: 'bank_reconciliations',
  name: 'bank-reconciliations',
  shape: {
    bank_account: linkTo('bank-accounts'),
    reference: numbered('REC-'),
    statement_date: day(),
    statement_end_balance: money(5000),
    closing_balance: money(5000),
    reconciled: true,
  },
  shownBy: 'reference',
  edits: ['statement_end_balance'],
  removal: 'never',
  parameters: ['bank_account_id'],
});

const openingBalances = defineResource({
  path: 'bank_opening_balances',
  name: 'bank-opening-balances',
  shape: {
    bank_account: linkTo('bank-accounts'),
    date: day(),
    balance: money(5000),
    reference: numbered('BOB-'),
  },
  shownBy: 'reference',
  edits: ['balance'],
  removal: 'vanish',
  parameters: ['bank_account_id'],
});

/** Bank accounts and what moves on them. */
export const banking: readonly Resource[] = [
  bankAccounts,
  payments,
  otherPayments,
  allocations,
  deposits,
  transfers,
  reconciliations,
  openingBalances,
];
