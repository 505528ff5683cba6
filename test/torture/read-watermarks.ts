import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The latest watermark in a run's state, epoch milliseconds; undefined before the first. */
export function latestWatermark(folder: string): number | undefined {
  const database = new DatabaseSync(join(folder, 'state.db'), { readOnly: true });
  try {
    const row = database.prepare('SELECT max(watermark_ms) AS latest FROM scans').get();
    return typeof row?.['latest'] === 'number' ? row['latest'] : undefined;
  } finally {
    database.close();
  }
}
