import { SagecfgError } from '../problem/sagecfg-error.ts';
import { version } from '../version.ts';
import { stateKinds } from './state-record.ts';
import type { StateFieldType, StateFields, StateKind, StateRecord } from './state-record.ts';

/* The state as text: a first line that says what it is, then one JSON object a line, `kind` and its fields. */

const formatName = 'sagecfg state';
const formatVersion = 1;

export function renderHeader(nowMs: number): string {
  const header = { format: formatName, version: formatVersion, sagecfg: version };
  return `${JSON.stringify({ ...header, exportedAt: new Date(nowMs).toISOString() })}\n`;
}

export function renderRecord({ kind, row }: StateRecord): string {
  return `${JSON.stringify({ kind, row })}\n`;
}

/** Throws `SagecfgError`, which names the line, for what no export has written. */
export async function* parseStateLines(lines: AsyncIterable<string>): AsyncGenerator<StateRecord> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (number === 1) checkHeader(line);
    else if (line.trim() !== '') yield parseRecord(line, number);
  }
  if (number === 0) throw new SagecfgError('state', 'there is nothing to import: the input is empty');
}

function checkHeader(line: string): void {
  const header = parseObject(line);
  if (header?.['format'] !== formatName) {
    throw new SagecfgError(
      'state',
      "line 1 is not the beginning of a state that 'sagecfg state export' wrote",
    );
  }
  if (header['version'] === formatVersion) return;
  throw new SagecfgError(
    'state',
    `the export has version ${JSON.stringify(header['version'])}, this sagecfg reads ${formatVersion}: update sagecfg`,
  );
}

const fieldsByKind = new Map<unknown, readonly [StateKind, StateFields]>(
  stateKinds.map((entry) => [entry[0], entry]),
);

function parseRecord(line: string, number: number): StateRecord {
  const wrong = (what: string): SagecfgError => new SagecfgError('state', `line ${number}: ${what}`);
  const parsed = parseObject(line);
  if (parsed === undefined) throw wrong('expected a JSON object; is the file cut off?');
  const [kind, fields] = fieldsByKind.get(parsed['kind']) ?? [];
  if (kind === undefined || fields === undefined) {
    throw wrong(`unknown kind ${JSON.stringify(parsed['kind'])}`);
  }
  const row = asObject(parsed['row']) ?? {};
  const surplus = Object.keys(row).find((name) => !(name in fields));
  if (surplus !== undefined) throw wrong(`unknown field ${JSON.stringify(surplus)} of ${kind}`);
  for (const [name, type] of Object.entries(fields)) {
    // What an earlier version did not know is not in its exports.
    if (!isOfType(row[name] ?? null, type))
      throw wrong(`field ${JSON.stringify(name)} of ${kind} is no ${type}`);
  }
  return { kind, row: row as StateRecord['row'] }; // just checked, field by field
}

function isOfType(value: unknown, type: StateFieldType): boolean {
  if (value === null) return type.startsWith('optional');
  return type.endsWith('integer') ? Number.isSafeInteger(value) : typeof value === 'string';
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined; // an object has fields of whatever kind
}
