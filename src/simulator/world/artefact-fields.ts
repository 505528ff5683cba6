import { costAccount, pounds, salesAccount, standardRate } from './record-shape.ts';
import type { RecordContext } from './resource.ts';
import type { Fields, Json } from './sage-record.ts';
import { amount, referenceTo, sageDate } from './sage-record.ts';

/** What one kind of invoice, credit note, quote or quick entry has of its own. */
export interface ArtefactKind {
  /** Whose it is: `customers` or `vendors`. */
  readonly party: 'customers' | 'vendors';
  /** The attribute that holds its lines: `invoice_lines`. */
  readonly lines: string;
  /** Its lines have a discount. */
  readonly hasDiscount?: boolean;
}

const dayMs = 86_400_000;

/** The parts of an artefact that belong together: contact, dates, sums and the line that they are the sum of. */
export function artefactFields(context: RecordContext, kind: ArtefactKind): Fields {
  const { party, lines } = kind;
  const { random, nowMs } = context;
  const contact = context.find(party);
  const quantity = 1 + random.integer(9);
  const net = quantity * (100 + random.integer(10_000));
  return {
    contact: contact === undefined ? null : referenceTo(contact),
    contact_name: contact === undefined ? '' : (contact['name'] ?? ''),
    contact_reference: contact === undefined ? '' : (contact['reference'] ?? ''),
    date: sageDate(nowMs),
    ...totals(net, quantity),
    [lines]: [line(context, net, quantity, kind)],
  };
}

/** A day so many days after the artefact's. */
export function dayAfter({ nowMs }: RecordContext, days: number): string {
  return sageDate(nowMs + days * dayMs);
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
    currency: pounds,
    exchange_rate: '1.0',
    inverse_exchange_rate: '1.0',
    base_currency_net_amount: amount(net),
    base_currency_tax_amount: amount(tax),
    base_currency_total_amount: amount(net + tax),
    base_currency_outstanding_amount: amount(net + tax),
    tax_analysis: [
      {
        tax_rate: standardRate,
        net_amount: amount(net),
        tax_amount: amount(tax),
        total_amount: amount(net + tax),
      },
    ],
  };
}

function line(
  { random, find }: RecordContext,
  net: number,
  quantity: number,
  { party, hasDiscount = false }: ArtefactKind,
): Json {
  const product = find('products');
  const tax = Math.round(net / 5);
  const description = product?.displayed_as ?? 'Sundry';
  return {
    id: random.hex(),
    displayed_as: description,
    description,
    product: product === undefined ? null : referenceTo(product),
    service: null,
    ledger_account: party === 'customers' ? salesAccount : costAccount,
    trade_of_asset: false,
    quantity: amount(quantity * 100),
    unit_price: amount(net / quantity),
    net_amount: amount(net),
    tax_rate: standardRate,
    tax_amount: amount(tax),
    total_amount: amount(net + tax),
    base_currency_unit_price: amount(net / quantity),
    base_currency_net_amount: amount(net),
    base_currency_tax_amount: amount(tax),
    base_currency_total_amount: amount(net + tax),
    unit_price_includes_tax: false,
    eu_goods_services_type: null,
    ...(hasDiscount ? { discount_amount: '0.0', discount_percentage: '0.0' } : {}),
  };
}
