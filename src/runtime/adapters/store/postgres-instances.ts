import type { InstanceStore } from '../../ports/instance-store.ts';
import { forgetAttempts, forgetStatements, selectContents, toContents } from './instance-statements.ts';
import type { Connection, Database } from './postgres-database.ts';

export function createInstanceStore(database: Database): InstanceStore {
  return {
    read: async (instanceId) => {
      const { rows } = await database.query(selectContents('events'), [instanceId]);
      return toContents(rows[0] ?? {});
    },
    forget: (instanceId) =>
      database.inTransaction(async (transaction) => {
        await deleteJobs(transaction, instanceId);
        for (const statement of [forgetAttempts('events'), ...forgetStatements]) {
          await transaction.query(statement, [instanceId]);
        }
      }),
  };
}

/** Nobody would ever know what they are for. */
async function deleteJobs(transaction: Connection, instanceId: string): Promise<void> {
  const { rows } = await transaction.query("SELECT to_regclass('sagecfg_jobs.job') IS NOT NULL AS is_there");
  if (rows[0]?.['is_there'] !== true) return;
  await transaction.query(
    `DELETE FROM sagecfg_jobs.job
    WHERE (name = 'lane' AND singleton_key = $1)
      OR (name = 'poll' AND singleton_key IN (SELECT key FROM polls WHERE instance_id = $1))`,
    [instanceId],
  );
}
