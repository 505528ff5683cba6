import { artefactFields } from '../artefact-fields.ts';
import { defineResource } from '../define-resource.ts';
import type { ResourceDefinition } from '../define-resource.ts';
import { code, day, linkOutside, numbered, oneOf, title, webLinks } from '../record-shape.ts';
import type { Shape } from '../record-shape.ts';
import type { Resource } from '../resource.ts';
import { reference } from '../sage-record.ts';

const unpaid = oneOf('artefact_statuses', [['UNPAID', 'Unpaid']]);
const artefactFilters = [
  'contact_id',
  'from_date',
  'has_attachments',
  'search',
  'show_payments_allocations',
  'status_id',
  'to_date',
];
const quoteFilters = artefactFilters.filter((name) => name !== 'show_payments_allocations');

/** What all that is posted to the books has. */
function posted(path: string, type: string, typeName: string): Shape {
  return {
    links: webLinks(path),
    transaction: linkOutside('transactions', null),
    transaction_type: reference('transaction_types', type, typeName),
    status: unpaid,
    void_reason: null,
    last_paid: null,
    tax_reconciled: false,
    migrated: false,
    notes: title('Handled by', 'Agreed with', 'See folder'),
    reference: code('PO-'),
  };
}

function invoiceLike(
  row: Pick<ResourceDefinition, 'path' | 'name' | 'removal' | 'shape' | 'sort'> & {
    readonly party: 'customers' | 'vendors';
    readonly lines: string;
    readonly shownBy: string;
  },
): Resource {
  const { party, lines, shownBy } = row;
  return defineResource({
    ...row,
    joint: (context) => artefactFields(context, { party, lines }),
    edits: shownBy === 'reference' ? ['notes'] : ['reference', 'notes'],
    parameters: artefactFilters,
    marksAsSent: party === 'customers' && row.removal === 'void',
  });
}

const usualSort = ['created_at', 'updated_at', 'date'];

const salesCreditNotes = invoiceLike({
  path: 'sales_credit_notes',
  name: 'sales-credit-notes',
  party: 'customers',
  lines: 'credit_note_lines',
  shownBy: 'credit_note_number',
  removal: 'void',
  sort: usualSort,
  shape: {
    ...posted('sales_credit_notes', 'SALES_CREDIT_NOTE', 'Sales Credit Note'),
    credit_note_number_prefix: 'SCN-',
    credit_note_number: numbered('SCN-'),
    original_invoice_date: day(-14),
    sent: false,
    sent_by_email: false,
  },
});

const salesCorrectiveInvoices = invoiceLike({
  path: 'sales_corrective_invoices',
  name: 'sales-corrective-invoices',
  party: 'customers',
  lines: 'invoice_lines',
  shownBy: 'invoice_number',
  removal: 'void',
  sort: [...usualSort, 'due_date'],
  shape: {
    ...posted('sales_corrective_invoices', 'SALES_CORRECTIVE_INVOICE', 'Sales Corrective Invoice'),
    invoice_number_prefix: 'SCI-',
    invoice_number: numbered('SCI-'),
    original_invoice_number: code('SI-'),
    original_invoice_date: day(-14),
    due_date: day(30),
    sent: false,
    sent_by_email: false,
  },
});

function quoteLike(path: 'sales_quotes' | 'sales_estimates', kind: 'quote' | 'estimate'): Resource {
  const prefix = kind === 'quote' ? 'SQ-' : 'SE-';
  return defineResource({
    path,
    name: path.replace('_', '-'),
    joint: (context) => {
      const {
        outstanding_amount: _open,
        base_currency_outstanding_amount: _openInBase,
        ...fields
      } = artefactFields(context, { party: 'customers', lines: `${kind}_lines` });
      return fields;
    },
    shape: {
      links: webLinks(path),
      status: { id: 'DECLINED', displayed_as: 'Declined' },
      tax_reconciled: false,
      [`${kind}_number_prefix`]: prefix,
      [`${kind}_number`]: numbered(prefix),
      expiry_date: day(44),
      sent: true,
      sent_by_email: false,
      notes: title('Offered by', 'Agreed with', 'See folder'),
      reference: code('Q-'),
      invoice: null,
    },
    shownBy: `${kind}_number`,
    edits: ['reference', 'notes'],
    removal: 'vanish',
    sort: kind === 'quote' ? [...usualSort, 'expiry_date'] : [],
    parameters: quoteFilters,
  });
}

function quickEntry(party: 'customers' | 'vendors'): Resource {
  const side = party === 'customers' ? 'sales' : 'purchase';
  const path = `${side}_quick_entries`;
  return invoiceLike({
    path,
    name: `${side}-quick-entries`,
    party,
    lines: `${side}_quick_entry_lines`,
    shownBy: 'reference',
    removal: 'delete',
    sort: usualSort,
    shape: {
      ...posted(path, `${side.toUpperCase()}_QUICK_ENTRY`, 'Quick Entry'),
      reference: numbered('QE-'),
      quick_entry_type: oneOf('quick_entry_types', [
        ['INVOICE', 'Invoice'],
        ['CREDIT_NOTE', 'Credit Note'],
      ]),
      details: title('Paper', 'Postage', 'Repairs'),
    },
  });
}

function purchase(
  row: Pick<ResourceDefinition, 'path' | 'name' | 'shape' | 'sort'> & {
    readonly lines: string;
    readonly type: readonly [id: string, displayedAs: string];
  },
): Resource {
  return invoiceLike({
    ...row,
    party: 'vendors',
    shownBy: 'vendor_reference',
    removal: 'delete',
    shape: { ...posted(row.path, ...row.type), vendor_reference: numbered('MB-'), ...row.shape },
  });
}

const purchaseInvoices = purchase({
  path: 'purchase_invoices',
  name: 'purchase-invoices',
  lines: 'invoice_lines',
  type: ['PURCHASE_INVOICE', 'Purchase Invoice'],
  sort: [...usualSort, 'due_date'],
  shape: { last_paid: day(), due_date: day(30) },
});

const purchaseCreditNotes = purchase({
  path: 'purchase_credit_notes',
  name: 'purchase-credit-notes',
  lines: 'credit_note_lines',
  type: ['PURCHASE_CREDIT_NOTE', 'Purchase Credit Note'],
  sort: usualSort,
  shape: { original_invoice_number: code('MB-'), original_invoice_date: day(-14) },
});

const purchaseCorrectiveInvoices = purchase({
  path: 'purchase_corrective_invoices',
  name: 'purchase-corrective-invoices',
  lines: 'invoice_lines',
  type: ['PURCHASE_CORRECTIVE_INVOICE', 'Purchase Corrective Invoice'],
  sort: [...usualSort, 'due_date'],
  shape: { due_date: day(30), original_invoice_number: code('MB-'), original_invoice_date: day(-14) },
});

const attachments = defineResource({
  path: 'attachments',
  name: 'attachments',
  shape: {
    description: title('Scan', 'Receipt', 'Delivery note'),
    file_name: numbered('scan-'),
    file_extension: 'pdf',
    mime_type: 'application/pdf',
    file_size: 48_211,
    attachment_context: linkOutside('sales_invoices', null),
    attachment_context_type: oneOf('attachment_context_types', [['SALES_INVOICE', 'Sales Invoice']]),
    is_public: false,
  },
  shownBy: 'file_name',
  edits: ['description'],
  removal: 'delete',
  parameters: [
    'attachment_context_id',
    'attachment_context_type_id',
    'legacy_attachment_context_id',
    'legacy_attachment_context_type',
  ],
});

/** What is sold and bought, as far as it has no file of its own. */
export const artefacts: readonly Resource[] = [
  salesCreditNotes,
  salesCorrectiveInvoices,
  quoteLike('sales_quotes', 'quote'),
  quoteLike('sales_estimates', 'estimate'),
  quickEntry('customers'),
  purchaseInvoices,
  purchaseCreditNotes,
  purchaseCorrectiveInvoices,
  quickEntry('vendors'),
  attachments,
];
