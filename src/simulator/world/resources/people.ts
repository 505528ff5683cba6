import { defineResource } from '../define-resource.ts';
import { day, linkTo, money, numbered, oneOf, title } from '../record-shape.ts';
import type { Resource } from '../resource.ts';
import { reference } from '../sage-record.ts';

const addresses = defineResource({
  path: 'addresses',
  name: 'addresses',
  shape: {
    address_line_1: title('Quay Street', 'Mill Lane', 'Station Road'),
    address_line_2: '',
    city: 'Exeter',
    region: 'Devon',
    postal_code: 'EX1 1AA',
    country: reference('countries', 'GB', 'United Kingdom (GB)'),
    bank_account: null,
    contact: linkTo('customers'),
    address_type: oneOf('address_types', [
      ['ACCOUNTS', 'Accounts'],
      ['DELIVERY', 'Delivery'],
    ]),
    name: 'Main Address',
    country_group: null,
    is_main_address: true,
  },
  shownBy: 'address_line_1',
  edits: ['address_line_1'],
  removal: 'delete',
  parameters: ['bank_account_id', 'contact_id'],
});

const contactPersons = defineResource({
  path: 'contact_persons',
  name: 'contact-persons',
  shape: {
    name: title('Alex Rowe', 'Kim Hale', 'Sam Ford'),
    job_title: title('Buyer', 'Accounts'),
    telephone: '01392 000000',
    mobile: '',
    email: 'person@example.test',
    fax: '',
    is_main_contact: true,
    is_preferred_contact: true,
    contact_person_types: [reference('contact_person_types', 'ACCOUNTS', 'Accounts')],
    address: linkTo('addresses'),
    contact: linkTo('customers'),
  },
  shownBy: 'name',
  edits: ['name', 'job_title'],
  removal: 'delete',
  parameters: ['address_id', 'contact_id'],
});

const openingBalances = defineResource({
  path: 'contact_opening_balances',
  name: 'contact-opening-balances',
  shape: {
    contact: linkTo('customers'),
    contact_type: oneOf('contact_types', [['CUSTOMER', 'Customer']]),
    contact_opening_balance_type: oneOf('contact_opening_balance_types', [['INVOICE', 'Invoice']]),
    date: day(),
    reference: numbered('OB-'),
    details: title('Opening balance', 'Brought forward'),
    net_amount: money(900),
    tax_amount: '0.0',
    total_amount: money(900),
    currency: reference('currencies', 'GBP', 'Pound Sterling (GBP)'),
    exchange_rate: '1.0',
  },
  shownBy: 'reference',
  edits: ['details', 'total_amount'],
  removal: 'delete',
  parameters: ['contact_id', 'contact_type_id'],
});

/** What belongs to contacts. */
export const people: readonly Resource[] = [addresses, contactPersons, openingBalances];
