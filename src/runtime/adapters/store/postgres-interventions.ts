import type { Connection } from './postgres-database.ts';
import { integer } from './row.ts';

/** To be called within the transaction that intervenes. */
export async function countIntervention(transaction: Connection): Promise<void> {
  await transaction.query('UPDATE interventions SET count = count + 1');
}

export async function readInterventions(database: Connection): Promise<number> {
  const { rows } = await database.query('SELECT count FROM interventions');
  return integer(rows[0] ?? { count: 0 }, 'count');
}
