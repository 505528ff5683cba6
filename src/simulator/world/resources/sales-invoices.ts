import type { RecordContext, Resource } from '../resource.ts';
import type { Fields, Json, SageRecord } from '../sage-record.ts';
import { amount, reference, referenceTo, sageDate, textOf } from '../sage-record.ts';

const dayMs = 86_400_000;

const salesInvoices: Resource = {
  path: 'sales_invoices',
  names: ['invoices'],
  covers: () => true,
  sort: ['created_at', 'updated_at', 'date', 'due_date'],
  filters: {
    contact_id: (record, value) => idOf(record['contact']) === value,
    status_id: (record, value) => idOf(record['status']) === value,
    from_date: (record, value) => textOf(record['date']) >= value,
    to_date: (record, value) => textOf(record['date']) <= value,
    search: (record, value) =>
      `${record.displayed_as} ${textOf(record['contact_name'])} ${textOf(record['reference'])}`
        .toLowerCase()
        .includes(value.toLowerCase()),
  },
  inertParameters: ['show_payments_allocations', 'has_attachments', 'nested_attributes', 'show_corrections'],
  removal: 'void',
  create,
  edit,
  editsCanShow: false,
  voided: (_record, { random }) => ({
    status: status('VOID'),
    void_reason: random.pick(['Raised twice', 'Wrong customer', 'Cancelled order']),
    outstanding_amount: '0.0',
    base_currency_outstanding_amount: '0.0',
  }),
  isFinal: (record) => idOf(record['status']) === 'VOID',
  marksAsSent: true,
};

export default salesInvoices;

function create(context: RecordContext): Fields & { readonly displayed_as: string } {
  const { random, number, nowMs } = context;
  const invoiceNumber = `SI-${number}`;
  const customer = context.find('customers');
  const quantity = 1 + random.integer(9);
  const net = quantity * (100 + random.integer(10_000));
  return {
    displayed_as: invoiceNumber,
    links: [webLink(number)],
    transaction: reference('transactions', random.hex(), null),
    contact: customer === undefined ? null : referenceTo(customer),
    contact_name: customer === undefined ? '' : (customer['name'] ?? ''),
    contact_reference: customer === undefined ? '' : (customer['reference'] ?? ''),
    date: sageDate(nowMs),
    due_date: sageDate(nowMs + 30 * dayMs),
    reference: `PO-${1000 + random.integer(9000)}`,
    notes: '',
    invoice_number_prefix: 'SI-',
    invoice_number: invoiceNumber,
    ...totals(net, quantity),
    status: status('UNPAID'),
    void_reason: null,
    last_paid: null,
    tax_reconciled: false,
    migrated: false,
    transaction_type: reference('transaction_types', 'SALES_INVOICE', 'Sales Invoice'),
    sent: false,
    sent_by_email: false,
    invoice_lines: [line(context, net, quantity)],
  };
}

function webLink(number: number): Json {
  return {
    href: `https://accounts-extra.sageone.com/advanced_uk/sales_invoices/${2000 + number}`,
    rel: 'alternate',
    type: 'text/html',
  };
}

function totals(net: number, quantity: number): Fields {
  const tax = Math.round(net / 5);
  return {
    total_quantity: amount(quantity * 100),
    net_amount: amount(net),
    tax_amount: amount(tax),
    total_amount: amount(net + tax),
    payments_allocations_total_amount: '0.0',
    payments_allocations_total_discount: '0.0',
    total_paid: '0.0',
    outstanding_amount: amount(net + tax),
    currency: reference('currencies', 'GBP', 'Pound Sterling (GBP)'),
    exchange_rate: '1.0',
    inverse_exchange_rate: '1.0',
    base_currency_net_amount: amount(net),
    base_currency_tax_amount: amount(tax),
    base_currency_total_amount: amount(net + tax),
    base_currency_outstanding_amount: amount(net + tax),
    tax_analysis: [
      {
        tax_rate: reference('tax_rates', 'GB_STANDARD', 'Standard 20.00%'),
        net_amount: amount(net),
        tax_amount: amount(tax),
        total_amount: amount(net + tax),
      },
    ],
  };
}

function line({ random, find }: RecordContext, net: number, quantity: number): Json {
  const product = find('products');
  const tax = Math.round(net / 5);
  const description = product?.displayed_as ?? 'Sundry';
  return {
    id: random.hex(),
    displayed_as: description,
    description,
    product: product === undefined ? null : referenceTo(product),
    service: null,
    ledger_account: reference(
      'ledger_accounts',
      '0335d681cde2ff9c3626d1dcb157baf7',
      'Sales - Products (4000)',
    ),
    trade_of_asset: false,
    quantity: amount(quantity * 100),
    unit_price: amount(net / quantity),
    net_amount: amount(net),
    tax_rate: reference('tax_rates', 'GB_STANDARD', 'Standard 20.00%'),
    tax_amount: amount(tax),
    total_amount: amount(net + tax),
    base_currency_unit_price: amount(net / quantity),
    base_currency_net_amount: amount(net),
    base_currency_tax_amount: amount(tax),
    base_currency_total_amount: amount(net + tax),
    unit_price_includes_tax: false,
    eu_goods_services_type: null,
    discount_amount: '0.0',
    discount_percentage: '0.0',
  };
}

function edit(record: SageRecord, { random, nowMs }: RecordContext): Fields {
  if (idOf(record['status']) === 'UNPAID' && random.chance(0.4)) {
    return {
      status: status('PAID'),
      last_paid: sageDate(nowMs),
      total_paid: record['total_amount'] ?? '0.0',
      outstanding_amount: '0.0',
      base_currency_outstanding_amount: '0.0',
    };
  }
  return { reference: `PO-${1000 + random.integer(9000)}` };
}

const statusNames = { UNPAID: 'Unpaid', PAID: 'Paid', VOID: 'Void' } as const;

function status(id: keyof typeof statusNames): Json {
  return reference('artefact_statuses', id, statusNames[id]);
}

function idOf(value: Json | undefined): Json | undefined {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
}
