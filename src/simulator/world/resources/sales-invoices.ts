import { artefactFields, dayAfter } from '../artefact-fields.ts';
import type { RecordContext, Resource } from '../resource.ts';
import type { Fields, Json, SageRecord } from '../sage-record.ts';
import { reference, sageDate, textOf } from '../sage-record.ts';

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
      `${textOf(record.displayed_as)} ${textOf(record['contact_name'])} ${textOf(record['reference'])}`
        .toLowerCase()
        .includes(value.toLowerCase()),
  },
  inertParameters: ['show_payments_allocations', 'has_attachments', 'nested_attributes', 'show_corrections'],
  hasChangeFilter: true,
  removal: 'void',
  create,
  edit,
  canEdit: true,
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

function create(context: RecordContext): Fields & { readonly displayed_as: string | null } {
  const { random, number } = context;
  const invoiceNumber = `SI-${number}`;
  return {
    displayed_as: invoiceNumber,
    links: [webLink(number)],
    transaction: reference('transactions', random.hex(), null),
    deleted_at: null,
    ...artefactFields(context, { party: 'customers', lines: 'invoice_lines', hasDiscount: true }),
    due_date: dayAfter(context, 30),
    reference: `PO-${1000 + random.integer(9000)}`,
    notes: '',
    invoice_number_prefix: 'SI-',
    invoice_number: invoiceNumber,
    status: status('UNPAID'),
    void_reason: null,
    last_paid: null,
    tax_reconciled: false,
    migrated: false,
    transaction_type: reference('transaction_types', 'SALES_INVOICE', 'Sales Invoice'),
    sent: false,
    sent_by_email: false,
  };
}

function webLink(number: number): Json {
  return {
    href: `https://accounts-extra.sageone.com/advanced_uk/sales_invoices/${2000 + number}`,
    rel: 'alternate',
    type: 'text/html',
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
