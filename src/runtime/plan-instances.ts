import type { ObservedRequests } from '../lint/poll-load.ts';
import type { Instance } from '../model/model.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { buildInstancePlan } from './build-instance-plan.ts';
import { fitToQuota } from './fit-to-quota.ts';
import type { Observation } from './observe/observation.ts';
import type { InstancePlan } from './poll-plan.ts';
import type { RuntimeOptions } from './runtime.ts';

/**
 * What the instances ask of the runtime. All that is wrong is told at once: a person with a thousand tenants does not want
 * to start a thousand times. Throws `SagecfgError`.
 */
export function planInstances(
  instances: readonly Instance[],
  options: Omit<RuntimeOptions, 'instances'> & {
    readonly observation: Observation;
    readonly observed?: ObservedRequests | undefined;
  },
): readonly InstancePlan[] {
  const { source, references, sage, hub, previousKeys, observation } = options;
  const intervalOf = fitToQuota(instances, options);
  const refusals: SagecfgError[] = [];
  const hubUrl = source === 'hub' ? hub?.baseUrl : undefined;
  const shared = {
    source,
    references,
    business: sage.business,
    previousKeys,
    ...(hubUrl !== undefined && { hubUrl }),
  };
  const plans = instances.flatMap((instance) => {
    try {
      return [buildInstancePlan(instance, { ...shared, intervalMs: intervalOf(instance) })];
    } catch (error) {
      if (!(error instanceof SagecfgError)) throw error;
      refusals.push(error);
      return [];
    }
  });
  observation.learn(plans);
  const [first] = refusals;
  if (first === undefined) return plans;
  throw new SagecfgError(first.code, refusals.map(({ message }) => message).join('\nsagecfg: '), {
    cause: first,
  });
}
