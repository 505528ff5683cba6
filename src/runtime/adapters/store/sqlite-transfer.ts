import type { DatabaseSync } from 'node:sqlite';
import { SagecfgError } from '../../../problem/sagecfg-error.ts';
import type { TransferStore } from '../../ports/store.ts';
import { columnOf, stateKinds, stateTables } from '../../state-record.ts';
import type { StateFieldType, StateFields, StateKind, StateRecord, StateRow } from '../../state-record.ts';
import { bytes, optionalInteger, optionalText, text } from './row.ts';
import type { Row } from './row.ts';
import { prepareBodyOf } from './sqlite-bodies.ts';
import { prepareImportedStates } from './sqlite-imported.ts';
import type { ImportedStates } from './sqlite-imported.ts';
import { prepareRecordInsert, recordOf } from './sqlite-records.ts';

export function createTransferStore(database: DatabaseSync): TransferStore {
  return {
    read: () => readAll(database),
    write: (records) => writeAll(database, records),
  };
}

/** In a transaction that only reads: in WAL mode that is the state of one moment, and keeps nobody from writing. */
async function* readAll(database: DatabaseSync): AsyncGenerator<StateRecord> {
  const bodyOf = prepareBodyOf(database);
  database.exec('BEGIN');
  try {
    for (const [kind, fields] of stateKinds) {
      const table = kind === 'event' ? 'event_states' : stateTables[kind];
      const columns = Object.keys(fields).map((name) =>
        kind === 'event' && name === 'record' ? recordOf(table) : columnOf(name),
      );
      if (kind === 'notification') columns.push('recipe_id');
      const select = database.prepare(`SELECT ${columns.join(', ')} FROM ${table}`);
      for (const row of select.iterate()) {
        const whole = kind === 'notification' ? { ...row, body: bodyOf(row) } : row;
        yield { kind, row: toStateRow(whole, fields) };
      }
    }
  } finally {
    database.exec('COMMIT');
  }
}

async function writeAll(database: DatabaseSync, records: AsyncIterable<StateRecord>): Promise<number> {
  let count = 0;
  database.exec('BEGIN IMMEDIATE');
  try {
    refuseFull(database);
    const states = prepareImportedStates(database);
    const inserts = new Map(
      stateKinds.map(([kind, fields]) => [
        kind,
        kind === 'event'
          ? prepareEventInsert(database, fields, states)
          : prepareInsert(database, kind, fields),
      ]),
    );
    for await (const { kind, row } of records) {
      inserts.get(kind)?.(row);
      count += 1;
    }
    states.write();
    database.exec('COMMIT');
    return count;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function refuseFull(database: DatabaseSync): void {
  for (const [kind] of stateKinds) {
    const row = database.prepare(`SELECT 1 FROM ${stateTables[kind]} LIMIT 1`).get();
    if (row !== undefined) throw refusalOfFull(kind);
  }
}

export function refusalOfFull(kind: StateKind): SagecfgError {
  const found = stateTables[kind].replaceAll('_', ' ');
  return new SagecfgError('state', `the state is not empty: it has ${found}; import into a new one`);
}

type Insert = (row: StateRow) => void;

function prepareInsert(database: DatabaseSync, kind: StateKind, fields: StateFields): Insert {
  const names = Object.keys(fields);
  const insert = database.prepare(`
    INSERT INTO ${stateTables[kind]} (${names.map(columnOf).join(', ')})
    VALUES (${names.map(() => '?').join(', ')})`);
  return (row) => {
    insert.run(...names.map((name) => toColumn(row[name] ?? null, fields[name] ?? 'text')));
  };
}

/** Its record and its state are no part of its row. */
function prepareEventInsert(database: DatabaseSync, fields: StateFields, states: ImportedStates): Insert {
  const { record: _record, notificationId: _id, state: _state, settledMs: _settled, ...rest } = fields;
  const insert = prepareInsert(database, 'event', rest);
  const addRecord = prepareRecordInsert(database);
  return (row) => {
    const sequence = Number(row['sequence']);
    insert(row);
    addRecord(sequence, String(row['record']));
    states.add({
      sequence,
      notificationId: optionalText(row, 'notificationId') ?? null,
      state: text(row, 'state'),
      settledMs: optionalInteger(row, 'settledMs') ?? null,
    });
  };
}

export function toColumn(
  value: string | number | null,
  type: StateFieldType,
): string | number | null | Buffer {
  return type === 'bytes' ? Buffer.from(String(value), 'utf8') : value;
}

export function toStateRow(row: Row, fields: StateFields): StateRow {
  return Object.fromEntries(
    Object.entries(fields).map(([name, type]) => {
      const column = columnOf(name);
      const value = row[column];
      if (type === 'bytes') return [name, toText(bytes(row, column))];
      if (typeof value === 'string' || typeof value === 'number' || value === null) return [name, value];
      throw new TypeError(`column ${column} holds what no export can`);
    }),
  );
}

/** Throws for bytes that are no text: none of ours are. */
function toText(value: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
}
