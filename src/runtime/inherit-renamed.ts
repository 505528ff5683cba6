import type { RenamedInstance } from './compare-instances.ts';
import type { InstancePlan } from './poll-plan.ts';
import type { Baseline } from './ports/poll-store.ts';
import type { Store } from './ports/store.ts';

/**
 * Hands the grant of each renamed instance on, and tells where its polls begin: at the watermarks that they had, so that
 * nothing is lost. What lies in the overlap is delivered again, for events are named after their instance.
 */
export async function inheritRenamed(
  renamed: readonly RenamedInstance[],
  {
    before: plans,
    wanted,
  }: { readonly before: ReadonlyMap<string, InstancePlan>; readonly wanted: readonly InstancePlan[] },
  { polls, grants }: Pick<Store, 'polls' | 'grants'>,
): Promise<ReadonlyMap<string, Baseline>> {
  const baselines = new Map<string, Baseline>();
  for (const { from, to } of renamed) {
    const grant = await grants.read(from);
    if (grant !== undefined && grant.deadReason === undefined) {
      await grants.write(to, grant);
      // A copy left behind would soon be used up, and pass for a grant if the name came back.
      await grants.remove(from);
    }
    for (const { resource, key } of wanted.find(({ id }) => id === to)?.polls ?? []) {
      const before = plans.get(from)?.polls.find((poll) => poll.resource === resource);
      const watermarkMs =
        before === undefined ? undefined : (await polls.read(before.key)).scans.changes.watermarkMs;
      if (watermarkMs !== undefined) baselines.set(key, { kind: 'since', fromMs: watermarkMs });
    }
  }
  return baselines;
}
