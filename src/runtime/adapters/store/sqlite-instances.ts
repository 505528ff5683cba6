import type { DatabaseSync } from 'node:sqlite';
import type { InstanceStore } from '../../ports/instance-store.ts';
import { forgetAttempts, forgetStatements, selectContents, toContents } from './instance-statements.ts';
import { inTransaction } from './sqlite-database.ts';

/** Before its events: a run in `carried` begins with one of them. */
const forgetDeliveries = [
  `DELETE FROM deliveries WHERE notification_sequence IN (
    SELECT notification_sequence FROM events JOIN carried ON first_sequence = sequence WHERE instance_id = $1)`,
  'DELETE FROM carried WHERE first_sequence IN (SELECT sequence FROM events WHERE instance_id = $1)',
  'DELETE FROM waiting WHERE is_replay IN (0, 1) AND instance_id = $1',
];

/** By then no notification needs them. */
const forgetRecipes = "DELETE FROM recipes WHERE ingredients ->> 'instanceName' = $1";

export function createInstanceStore(database: DatabaseSync): InstanceStore {
  return {
    read: async (instanceId) =>
      toContents(database.prepare(selectContents('event_states')).get({ $1: instanceId }) ?? {}),
    forget: async (instanceId) =>
      inTransaction(database, () => {
        const first = [forgetAttempts('event_states'), ...forgetDeliveries];
        for (const statement of [...first, ...forgetStatements, forgetRecipes]) {
          database.prepare(statement).run({ $1: instanceId });
        }
      }),
  };
}
