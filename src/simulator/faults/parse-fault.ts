import type { Fault, FaultEffect } from './fault.ts';

type Check = (value: unknown) => boolean;

interface Field {
  readonly check: Check;
  readonly says: string;
  readonly required: boolean;
}

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const whole: Check = (value) => Number.isInteger(value) && Number(value) >= 0;

function oneOf(...values: readonly string[]): Field {
  const check: Check = (value) => values.some((allowed) => allowed === value);
  return { check, says: values.join(' or '), required: true };
}

const retryAfter: Field = { check: text, says: 'text: seconds or an HTTP date', required: false };

const effectFields: Readonly<Record<FaultEffect['kind'], Readonly<Record<string, Field>>>> = {
  'rate-limit': { retryAfter },
  'expired-token': {},
  'subscription-ended': {},
  'access-denied': {},
  'invalid-grant': {},
  'server-error': {},
  unavailable: { retryAfter },
  'gateway-timeout': {},
  status: {
    status: {
      check: (value) => whole(value) && Number(value) >= 200 && Number(value) <= 599,
      says: 'an HTTP status from 200 to 599',
      required: true,
    },
    retryAfter,
    location: { check: text, says: 'a URL', required: false },
  },
  drop: { when: oneOf('before', 'after') },
  truncate: {},
  'endless-body': {},
  slow: { delayMs: { check: whole, says: 'milliseconds', required: true } },
  'date-skew': { skewMs: { check: number, says: 'milliseconds', required: true } },
  shuffle: {},
  'omit-next': {},
  'repeat-page': {},
  'wrong-total': {
    by: { check: (value) => Number.isInteger(value), says: 'a whole number', required: true },
  },
  'change-between-pages': { change: oneOf('CREATED', 'UPDATED', 'DELETED') },
};

const scopeFields: Readonly<Record<string, Field>> = {
  path: { check: text, says: 'text', required: false },
  tenant: { check: text, says: 'the name of a tenant', required: false },
  contains: { check: text, says: 'text', required: false },
  skip: { check: whole, says: 'a whole number', required: false },
  count: {
    check: (value) => value === 'always' || whole(value),
    says: 'a whole number or always',
    required: false,
  },
  afterMs: { check: whole, says: 'milliseconds', required: false },
  forMs: { check: whole, says: 'milliseconds', required: false },
  probability: {
    check: (value) => number(value) && Number(value) >= 0 && Number(value) <= 1,
    says: 'a number from 0 to 1',
    required: false,
  },
};

export type ParsedFault =
  | { readonly ok: true; readonly fault: Fault }
  | { readonly ok: false; readonly message: string };

/** One fault or a list of them, as JSON; what is wrong with it, otherwise. */
export function parseFaults(text: string, endpoints: readonly string[]): readonly Fault[] | string {
  const value = parseJson(text);
  const parsed = (Array.isArray(value) ? value : [value]).map((each) => parseFault(each, endpoints));
  const mistakes = parsed.flatMap((each) => (each.ok ? [] : [each.message]));
  return mistakes.length > 0 ? mistakes.join('; ') : parsed.flatMap((each) => (each.ok ? [each.fault] : []));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller: it is no fault.
    return undefined;
  }
}

/** Checks a fault that came as JSON: a misspelt fault that does nothing would make every test pass. */
export function parseFault(value: unknown, endpoints: readonly string[]): ParsedFault {
  if (typeof value !== 'object' || value === null) return refuse('a fault is an object with a "kind"');
  const kind = 'kind' in value ? value.kind : undefined;
  if (!isKind(kind)) {
    return refuse(`unknown kind "${String(kind)}": expected one of ${Object.keys(effectFields).join(', ')}`);
  }
  const fields: Readonly<Record<string, Field>> = {
    ...scopeFields,
    kind: oneOf(kind),
    on: { ...oneOf(...endpoints), required: false },
    ...effectFields[kind],
  };
  const message = firstMistake(new Map(Object.entries(value)), fields, kind);
  if (message !== undefined) return refuse(message);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field of this kind was checked above
  return { ok: true, fault: value as Fault };
}

function isKind(kind: unknown): kind is FaultEffect['kind'] {
  return typeof kind === 'string' && Object.hasOwn(effectFields, kind);
}

function firstMistake(
  values: ReadonlyMap<string, unknown>,
  fields: Readonly<Record<string, Field>>,
  kind: string,
): string | undefined {
  for (const [key, value] of values) {
    const field = fields[key];
    if (field === undefined) return `unknown key "${key}" of a fault of kind "${kind}"`;
    if (!field.check(value)) return `"${key}" is ${JSON.stringify(value)}: expected ${field.says}`;
  }
  for (const [key, { required, says }] of Object.entries(fields)) {
    if (required && !values.has(key)) return `a fault of kind "${kind}" needs "${key}": ${says}`;
  }
  return undefined;
}

function refuse(message: string): ParsedFault {
  return { ok: false, message };
}
