import type { DatabaseSync } from 'node:sqlite';
import { integer } from './row.ts';

/** Counts an intervention; to be called within the transaction that makes it. */
export function prepareIntervention(database: DatabaseSync): () => void {
  const update = database.prepare('UPDATE interventions SET count = count + 1');
  return () => update.run();
}

export function prepareInterventionCount(database: DatabaseSync): () => number {
  const select = database.prepare('SELECT count FROM interventions');
  return () => {
    const row = select.get();
    return row === undefined ? 0 : integer(row, 'count');
  };
}
