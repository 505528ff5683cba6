import type { RecordContext } from './resource.ts';
import type { Fields, Json } from './sage-record.ts';
import { amount, reference, referenceTo, sageDate } from './sage-record.ts';

/** What makes one attribute of a record. */
export type Maker = (context: RecordContext) => Json;

/** A record's attributes: a value that all records share, or what makes one. */
export type Shape = Readonly<Record<string, Json | Maker>>;

const dayMs = 86_400_000;

/** Fills in a shape, attribute by attribute. */
export function makeRecord(shape: Shape, context: RecordContext): Fields {
  return Object.fromEntries(
    Object.entries(shape).map(([name, value]) => [name, isMaker(value) ? value(context) : value]),
  );
}

/** True for what makes a value, as opposed to one that is the same in every record. */
export function isMaker(value: Json | Maker | undefined): value is Maker {
  return typeof value === 'function';
}

/** `SQ-19`: the object's number behind a prefix. */
export function numbered(prefix: string): Maker {
  return ({ number }) => `${prefix}${number}`;
}

/** `PO-7781`: a prefix with a number that a change replaces. */
export function code(prefix: string): Maker {
  return ({ random }) => `${prefix}${1000 + random.integer(9000)}`;
}

/** One of the texts, and a number to tell two records apart. */
export function title(...texts: readonly string[]): Maker {
  return ({ random }) => `${random.pick(texts)} ${1 + random.integer(9999)}`;
}

/** Up to so many pounds, in Sage's decimals. */
export function money(mostPounds: number): Maker {
  return ({ random }) => amount(100 + random.integer(mostPounds * 100));
}

/** The day of the record's making, or so many days from it. */
export function day(offset = 0): Maker {
  return ({ nowMs }) => sageDate(nowMs + offset * dayMs);
}

/** A link to a live item of that name; null where there is none. */
export function linkTo(name: string): Maker {
  return ({ find }) => {
    const found = find(name);
    return found === undefined ? null : referenceTo(found);
  };
}

/** A link to an item that this simulator does not have. */
export function linkOutside(path: string, displayedAs: string | null): Maker {
  return ({ random }) => reference(path, random.hex(), displayedAs);
}

/** One of Sage's own values, by code: `[['UNPAID', 'Unpaid'], …]`. */
export function oneOf(path: string, values: readonly (readonly [id: string, displayedAs: string])[]): Maker {
  return ({ random }) => {
    const [id, displayedAs] = random.pick(values);
    return reference(path, id, displayedAs);
  };
}

/** The page of the record in Sage's web application. */
export function webLinks(path: string): Maker {
  return ({ number }) => [
    {
      href: `https://accounts-extra.sageone.com/advanced_uk/${path}/${1000 + number}`,
      rel: 'alternate',
      type: 'text/html',
    },
  ];
}

export const pounds = reference('currencies', 'GBP', 'Pound Sterling (GBP)');
export const standardRate = reference('tax_rates', 'GB_STANDARD', 'Standard 20.00%');
export const salesAccount = reference(
  'ledger_accounts',
  '0335d681cde2ff9c3626d1dcb157baf7',
  'Sales - Products (4000)',
);
export const costAccount = reference(
  'ledger_accounts',
  'd3cbdf7dab0ecf8d95bef1fabf61357c',
  'Cost of Sales - Goods (5000)',
);
export const officeAccount = reference(
  'ledger_accounts',
  '448090f5dd1a98aee7e29f31fc3441de',
  'Office costs (7200)',
);
