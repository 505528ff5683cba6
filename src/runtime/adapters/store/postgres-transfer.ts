import type { TransferStore } from '../../ports/store.ts';
import { columnOf, stateKinds, stateTables } from '../../state-record.ts';
import type { StateFieldType, StateFields, StateKind, StateRecord, StateRow } from '../../state-record.ts';
import type { Connection, Database } from './postgres-database.ts';
import { refusalOfFull, toColumn, toStateRow } from './sqlite-transfer.ts';

export function createTransferStore(database: Database): TransferStore {
  return {
    read: () => readAll(database),
    write: (records) => database.inTransaction((transaction) => writeAll(transaction, records)),
  };
}

const rowsAtOnce = 500;

async function* readAll(database: Database): AsyncGenerator<StateRecord> {
  await using snapshot = await database.openSnapshot();
  for (const [kind, fields] of stateKinds) {
    const columns = Object.keys(fields).map(columnOf).join(', ');
    // The order of attempts is kept by nothing else.
    const order = kind === 'attempt' ? 'ORDER BY sequence' : '';
    await snapshot.query(
      `DECLARE rows_${kind} CURSOR FOR SELECT ${columns} FROM ${stateTables[kind]} ${order}`,
    );
    for (;;) {
      const { rows } = await snapshot.query(`FETCH ${rowsAtOnce} FROM rows_${kind}`);
      if (rows.length === 0) break;
      for (const row of rows) yield { kind, row: toStateRow(row, fields) };
    }
  }
}

async function writeAll(transaction: Connection, records: AsyncIterable<StateRecord>): Promise<number> {
  await refuseFull(transaction);
  let count = 0;
  let waiting: StateRecord[] = [];
  for await (const record of records) {
    const isOfAnother = waiting[0] !== undefined && waiting[0].kind !== record.kind;
    if (isOfAnother || waiting.length >= rowsAtOnce) {
      await insert(transaction, waiting);
      waiting = [];
    }
    waiting.push(record);
    count += 1;
  }
  await insert(transaction, waiting);
  await advanceSequences(transaction);
  return count;
}

async function refuseFull(transaction: Connection): Promise<void> {
  for (const [kind] of stateKinds) {
    const { rows } = await transaction.query(`SELECT 1 FROM ${stateTables[kind]} LIMIT 1`);
    if (rows.length > 0) throw refusalOfFull(kind);
  }
}

/** All of one kind. */
async function insert(transaction: Connection, records: readonly StateRecord[]): Promise<void> {
  const kind = records[0]?.kind;
  if (kind === undefined) return;
  const fields = Object.entries(fieldsOf(kind));
  const columns = fields.map(([name]) => columnOf(name)).join(', ');
  const lists = fields.map(([, type], index) => `$${index + 1}::${typeName(type)}[]`).join(', ');
  await transaction.query(
    `INSERT INTO ${stateTables[kind]} (${columns}) SELECT * FROM unnest(${lists})`,
    fields.map(([name, type]) => records.map(({ row }) => toColumn(valueOf(row, name), type))),
  );
}

function fieldsOf(kind: StateKind): StateFields {
  return stateKinds.find(([each]) => each === kind)?.[1] ?? {};
}

function valueOf(row: StateRow, name: string): string | number | null {
  return row[name] ?? null;
}

function typeName(type: StateFieldType): string {
  if (type === 'bytes') return 'bytea';
  return type.endsWith('integer') ? 'bigint' : 'text';
}

/** What is written next must come after what was carried over. */
async function advanceSequences(transaction: Connection): Promise<void> {
  for (const table of ['events', 'notifications']) {
    await transaction.query(`
      SELECT setval(pg_get_serial_sequence('${table}', 'sequence'), max(sequence)) FROM ${table}
      HAVING max(sequence) IS NOT NULL`);
  }
}
