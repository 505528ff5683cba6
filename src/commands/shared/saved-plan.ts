import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Io } from '../../io.ts';
import type { PlanReport } from '../../platform/plan-report.ts';
import { SagecfgError } from '../../problem/sagecfg-error.ts';

/** A saved plan is a promise of what will happen: what has changed since is for a person to look at. */
export async function requireSamePlan(report: PlanReport, file: string, io: Io): Promise<void> {
  const text = await readFile(resolve(io.workingDirectory, file), 'utf8').catch((cause: unknown) => {
    throw new SagecfgError('unreadable', `cannot read the plan ${JSON.stringify(file)}`, { cause });
  });
  const saved = fingerprintIn(text);
  if (saved === undefined)
    throw new SagecfgError(
      'usage',
      `--plan ${JSON.stringify(file)}: that is no plan that sagecfg plan -o has saved`,
    );
  if (saved === report.fingerprint) return;
  throw new SagecfgError(
    'refused',
    `the saved plan ${JSON.stringify(file)} is not what there is to do any more: nothing was applied; run sagecfg plan again, with the same files and flags`,
  );
}

function fingerprintIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const fields = new Map<string, unknown>(Object.entries(Object(value)));
    const fingerprint = fields.get('fingerprint');
    return typeof fingerprint === 'string' ? fingerprint : undefined;
  } catch {
    // The caller says that it is no plan.
    return undefined;
  }
}
