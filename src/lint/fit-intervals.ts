import type { Instance } from '../model/model.ts';
import {
  requestsADay,
  requestsADayOfAnApp,
  requestsAMinute,
  requestsAMinuteOfABusiness,
} from './poll-load.ts';
import type { InstanceLoad } from './poll-load.ts';

export interface QuotaLimits {
  readonly appPerSecond: number;
  /** Without one, a business may ask for what its app may. */
  readonly businessPerMinute: number | undefined;
}

/** What Sage allows, and what `run` keeps to. */
export const sageLimits: QuotaLimits = {
  appPerSecond: requestsADayOfAnApp / 86_400,
  businessPerMinute: requestsAMinuteOfABusiness,
};

/** How many times as much as is allowed the app or the business of each load asks for; 1 where that fits. */
export function overloads(
  loads: readonly InstanceLoad[],
  { appPerSecond, businessPerMinute = Infinity }: QuotaLimits,
): ReadonlyMap<Instance, number> {
  const factors = new Map<Instance, number>();
  const raise = (group: readonly InstanceLoad[], factor: number): void => {
    for (const { instance } of group) factors.set(instance, Math.max(1, factor, factors.get(instance) ?? 1));
  };
  for (const group of Map.groupBy(loads, ({ app }) => app).values()) {
    raise(group, requestsADay(group) / (appPerSecond * 86_400));
  }
  for (const group of Map.groupBy(loads, ({ business }) => business).values()) {
    raise(group, requestsAMinute(group) / businessPerMinute);
  }
  return factors;
}

/** The interval with which a load fits, in whole minutes. */
export function fittingMinutes(
  { instance, minutes }: InstanceLoad,
  factors: ReadonlyMap<Instance, number>,
): number {
  const factor = factors.get(instance) ?? 1;
  return factor === 1 ? minutes : Math.ceil(minutes * factor);
}
