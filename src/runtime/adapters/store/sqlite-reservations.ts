import type { DatabaseSync } from 'node:sqlite';
import type { RequestMemory } from '../../../sage/request-budget.ts';
import { inTransaction } from './sqlite-database.ts';
import { integer, text } from './row.ts';

/** Requests that may have been made of late, so that a restart does not spend a budget twice. */
export function createRequestMemory(database: DatabaseSync): RequestMemory {
  const select = database.prepare(
    'SELECT * FROM request_reservations WHERE app = ? AND business = ifnull(?, business)',
  );
  const insert = database.prepare(
    'INSERT INTO request_reservations (app, business, requests, until_ms) VALUES (?, ?, ?, ?)',
  );
  const forget = database.prepare(
    'DELETE FROM request_reservations WHERE app = ? AND business = ? AND until_ms < ?',
  );
  return {
    recall: ({ app, business }) =>
      select.all(app, business ?? null).map((row) => ({
        app,
        business: text(row, 'business'),
        requests: integer(row, 'requests'),
        untilMs: integer(row, 'until_ms'),
      })),
    reserve: ({ app, business, requests, untilMs }, forgetBeforeMs) =>
      inTransaction(database, () => {
        forget.run(app, business, forgetBeforeMs);
        insert.run(app, business, requests, untilMs);
      }),
  };
}
