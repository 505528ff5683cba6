import { fittingMinutes, overloads } from '../lint/fit-intervals.ts';
import { pollLoads } from '../lint/poll-load.ts';
import type { ObservedRequests } from '../lint/poll-load.ts';
import type { Instance } from '../model/model.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import type { Report } from './report.ts';
import type { RuntimeOptions } from './runtime.ts';
import { usesGrant } from './source-kind.ts';

type QuotaOptions = Pick<RuntimeOptions, 'source' | 'quota' | 'intervalMs' | 'budget'> & {
  readonly report: Report;
  /** From the state, where there is one. */
  readonly observed?: ObservedRequests | undefined;
};

/**
 * Each instance's interval, in milliseconds, where it is not its own. What Sage would not answer in time is refused or
 * polled less often, as `quota` says. Throws `SagecfgError`.
 */
export function fitToQuota(
  instances: readonly Instance[],
  { source, quota = 'warn', intervalMs, budget, report, observed }: QuotaOptions,
): (instance: Instance) => number | undefined {
  if (quota === 'warn' || !usesGrant(source)) return () => intervalMs;
  const loads = pollLoads(instances, {
    minutes: intervalMs === undefined ? undefined : intervalMs / 60_000,
    observed,
  });
  const factors = overloads(loads, budget);
  const tooMuch = loads.filter(({ instance }) => (factors.get(instance) ?? 1) > 1);
  if (tooMuch.length === 0) return () => intervalMs;
  const factor = Math.ceil(Math.max(...factors.values()) * 10) / 10;
  if (quota === 'refuse') {
    throw new SagecfgError(
      'refused',
      `the polls of ${tooMuch.length} instances ask for up to ${factor} times the requests that there are: 'sagecfg plan --quota' shows which intervals fit, '--quota stretch' polls at those`,
    );
  }
  report({ kind: 'stretched', instances: tooMuch.length, factor });
  const minutes = new Map(tooMuch.map((load) => [load.instance, fittingMinutes(load, factors)]));
  return (instance) => {
    const longer = minutes.get(instance);
    return longer === undefined ? intervalMs : longer * 60_000;
  };
}
