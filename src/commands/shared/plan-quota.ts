import { fittingMinutes, overloads, sageLimits } from '../../lint/fit-intervals.ts';
import type { QuotaLimits } from '../../lint/fit-intervals.ts';
import { listsOf, pollLoads, requestsADay, requestsAMinute, written } from '../../lint/poll-load.ts';
import type { InstanceLoad, ObservedRequests } from '../../lint/poll-load.ts';
import type { Instance } from '../../model/model.ts';
import { visibleText } from '../../report/visible-text.ts';
import { instanceIdOf } from '../../runtime/instance-configuration.ts';
import type { RuntimeSettings } from '../../settings/settings.ts';

/**
 * What the polls ask of Sage: the requests that the latest polls took where the state knows, else one a list, which is the
 * least that there can be.
 */
export interface QuotaPlan {
  readonly formatVersion: '1.0';
  readonly fits: boolean;
  readonly polls: number;
  /** Of them, those whose requests were observed. */
  readonly observedPolls: number;
  readonly apps: readonly AppQuota[];
}

interface AppQuota {
  /** Apps have no names that may be shown: in the order in which the files name them. */
  readonly app: number;
  readonly requestsADay: number;
  readonly allowedADay: number;
  readonly businesses: readonly BusinessQuota[];
}

interface BusinessQuota {
  readonly business: string | undefined;
  readonly requestsAMinute: number;
  readonly allowedAMinute: number | undefined;
  readonly instances: readonly InstanceQuota[];
}

interface InstanceQuota {
  readonly instance: string;
  readonly everyMinutes: number;
  /** With which everything fits; the same where it does. */
  readonly fittingMinutes: number;
  readonly requestsADay: number;
  readonly resources: readonly {
    readonly resource: string;
    readonly requestsADay: number;
    /** Observed, or one request for what changed, and one for what was deleted where Sage lists that. */
    readonly requestsAPoll: number;
    readonly isObserved: boolean;
    readonly hasDeletions: boolean;
  }[];
}

const observesNothing: ObservedRequests = () => undefined;

/** Limits and intervals of the settings, where they have any. */
export function planQuota(
  instances: readonly Instance[],
  { budget = {}, intervalSeconds }: RuntimeSettings,
  observed: ObservedRequests = observesNothing,
): QuotaPlan {
  const limits: QuotaLimits = { ...sageLimits, ...budget };
  const loads = pollLoads(instances, {
    minutes: intervalSeconds === undefined ? undefined : intervalSeconds / 60,
    observed,
  });
  const factors = overloads(loads, limits);
  const apps = [...Map.groupBy(loads, ({ app }) => app).values()].map((ofApp, index) => ({
    app: index + 1,
    requestsADay: Math.ceil(requestsADay(ofApp)),
    allowedADay: Math.floor(limits.appPerSecond * 86_400),
    businesses: [...Map.groupBy(ofApp, ({ business }) => business)].map(([business, group]) => ({
      business: typeof business === 'string' ? business : undefined,
      requestsAMinute: Math.round(requestsAMinute(group) * 100) / 100,
      allowedAMinute: limits.businessPerMinute,
      instances: group.map((load) => describeInstance(load, { factors, observed })),
    })),
  }));
  const resources = apps.flatMap(({ businesses }) =>
    businesses.flatMap((business) => business.instances.flatMap((each) => each.resources)),
  );
  return {
    formatVersion: '1.0',
    fits: [...factors.values()].every((factor) => factor === 1),
    polls: resources.length,
    observedPolls: resources.filter(({ isObserved }) => isObserved).length,
    apps,
  };
}

function describeInstance(
  load: InstanceLoad,
  {
    factors,
    observed,
  }: { readonly factors: ReadonlyMap<Instance, number>; readonly observed: ObservedRequests },
): InstanceQuota {
  const { instance, minutes } = load;
  const pollsADay = (24 * 60) / minutes;
  return {
    instance: instanceIdOf(instance),
    everyMinutes: minutes,
    fittingMinutes: fittingMinutes(load, factors),
    requestsADay: Math.ceil(requestsADay([load])),
    resources: (instance.poller?.entries ?? []).map((entry) => {
      const seen = observed(instance, entry);
      const requestsAPoll = seen ?? listsOf(entry);
      return {
        resource: entry.resource.value,
        requestsADay: Math.ceil(requestsAPoll * pollsADay),
        requestsAPoll,
        isObserved: seen !== undefined,
        hasDeletions: listsOf(entry) > 1,
      };
    }),
  };
}

/** A person does not read the lines of a thousand tenants: the busiest are enough, JSON has all. */
const mostInstances = 20;

export function renderQuota({ apps, fits, polls, observedPolls }: QuotaPlan): string {
  const lines = apps.flatMap((app) => {
    const instances = app.businesses.flatMap((business) => business.instances);
    const busiest = instances.toSorted((left, right) => right.requestsADay - left.requestsADay);
    const rest = busiest.length - mostInstances;
    return [
      `app ${app.app}: ${written(app.requestsADay)} requests a day of ${written(app.allowedADay)}${verdict(app.requestsADay, app.allowedADay)}`,
      ...app.businesses
        .filter((business) => business.requestsAMinute > (business.allowedAMinute ?? Infinity))
        .map(renderBusiness),
      ...busiest.slice(0, mostInstances).flatMap(renderInstance),
      ...(rest > 0 ? [`  and ${written(rest)} more instances, less busy`] : []),
    ];
  });
  const end = fits
    ? 'it fits'
    : "it does not fit: set the intervals named, or let 'sagecfg run --quota stretch' poll at those";
  return `${[...lines, basis(polls, observedPolls), end].join('\n')}\n`;
}

function basis(polls: number, observedPolls: number): string {
  const least = 'a list of many pages takes more requests than the one that is counted';
  if (observedPolls === 0) return `estimated: ${least}`;
  const seen = `counted as the latest polls took, by the state`;
  const rest = polls - observedPolls;
  return rest === 0 ? seen : `${seen}; ${written(rest)} of ${written(polls)} polls estimated: ${least}`;
}

function renderBusiness({ business, requestsAMinute: asked, allowedAMinute }: BusinessQuota): string {
  const name = business === undefined ? 'a business without an id' : `business ${visibleText(business)}`;
  const allowed = allowedAMinute ?? Infinity;
  return `  ${name}: ${written(asked)} requests a minute of ${written(allowed)}${verdict(asked, allowed)}`;
}

function renderInstance({
  instance,
  everyMinutes,
  fittingMinutes: fitting,
  requestsADay: asked,
  resources,
}: InstanceQuota): readonly string[] {
  const fit = fitting === everyMinutes ? '' : `, would fit every ${written(fitting)}`;
  const parts = resources.map(({ resource, requestsADay: part, hasDeletions }) => {
    const deletions = hasDeletions ? ' with deletions' : '';
    return `${visibleText(resource)} ${written(part)}${deletions}`;
  });
  return [
    `  ${visibleText(instance)}: every ${written(everyMinutes)} min${fit}: ${written(asked)} a day (${parts.join(', ')})`,
  ];
}

function verdict(asked: number, allowed: number): string {
  return asked > allowed ? `, ${written(asked / allowed)} times as many as there are` : '';
}
