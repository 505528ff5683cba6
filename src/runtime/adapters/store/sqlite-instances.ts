import type { DatabaseSync } from 'node:sqlite';
import type { InstanceStore } from '../../ports/instance-store.ts';
import { forgetStatements, selectContents, toContents } from './instance-statements.ts';
import { inTransaction } from './sqlite-database.ts';

/** By then no notification needs them. */
const forgetRecipes = "DELETE FROM recipes WHERE ingredients ->> 'instanceName' = $1";

export function createInstanceStore(database: DatabaseSync): InstanceStore {
  return {
    read: async (instanceId) => toContents(database.prepare(selectContents).get({ $1: instanceId }) ?? {}),
    forget: async (instanceId) =>
      inTransaction(database, () => {
        for (const statement of [...forgetStatements, forgetRecipes]) {
          database.prepare(statement).run({ $1: instanceId });
        }
      }),
  };
}
