import { findResource } from '../catalog/sage-resource.ts';
import type { Entry, Instance } from '../model/model.ts';
import { hubPathOf } from './hub-path.ts';
import { pollUrlOf } from './poll-url.ts';
import type { RuleReport } from './rule.ts';

/** Sage's own limit of an app: 15 a second. */
export const requestsADayOfAnApp = 1_296_000;
/** Hearsay, and what `sagecfg run` keeps to. */
export const requestsAMinuteOfABusiness = 100;

const minutesADay = 24 * 60;
const minutesByDefault = 15;

/** What one instance asks for. Kept for every file of a run, so it holds nothing of the tree. */
export interface Load {
  readonly name: (RuleReport['leaf'] & { readonly value: string }) | undefined;
  readonly minutes: number;
  /** Lists that a poll of all its resources reads. */
  readonly lists: number;
  /** Requests that it takes: what was observed, or one a list, which is the least. */
  readonly requests: number;
  /** Instances with the same one share a limit. */
  readonly app: string;
  /** Undefined where the instance leaves it to Sage: then it is one of its own. */
  readonly business: string | symbol;
  /** Where its interval stands, or would. */
  readonly place: RuleReport['leaf'];
}

export interface InstanceLoad extends Load {
  readonly instance: Instance;
}

/** Requests that a poll of the entry takes; undefined where nobody has seen any. */
export type ObservedRequests = (instance: Instance, entry: Entry) => number | undefined;

/** The loads of those among them that poll Sage; every so many minutes, in place of what each says. */
export function pollLoads(
  instances: readonly Instance[],
  {
    minutes,
    observed,
  }: { readonly minutes?: number | undefined; readonly observed?: ObservedRequests | undefined } = {},
): readonly InstanceLoad[] {
  const loads = instances.flatMap((instance): InstanceLoad[] => {
    const load = loadOf(instance, observed);
    return load === undefined ? [] : [{ ...load, instance }];
  });
  return minutes === undefined ? loads : loads.map((load) => ({ ...load, minutes }));
}

/** At least, where nothing was observed: a list of many pages takes more. */
export function requestsADay(loads: readonly Load[]): number {
  return requestsAMinute(loads) * minutesADay;
}

export function requestsAMinute(loads: readonly Load[]): number {
  return loads.reduce((sum, { requests, minutes }) => sum + requests / minutes, 0);
}

function isPolled({ elementKey, configuration, poller }: Instance): boolean {
  const isOff = String(configuration.get('event.notification.enabled')?.value) === 'false';
  const isPushed = /^webhooks?$/.test(String(configuration.get('event.vendor.type')?.value));
  return elementKey?.value === 'sageone' && poller !== undefined && !isOff && !isPushed;
}

/** Undefined for one that does not poll Sage. */
export function loadOf(instance: Instance, observed?: ObservedRequests): Load | undefined {
  if (!isPolled(instance)) return undefined;
  const textOf = (key: string): string => String(instance.configuration.get(key)?.value ?? '').trim();
  const minutes = Number(textOf('event.poller.refresh_interval'));
  const entries = instance.poller?.entries ?? [];
  const lists = entries.reduce((sum, entry) => sum + listsOf(entry), 0);
  const requests =
    observed === undefined
      ? lists
      : entries.reduce((sum, entry) => sum + (observed(instance, entry) ?? listsOf(entry)), 0);
  const business = textOf('business');
  return {
    name: instance.name,
    // Anything below a minute is a mistake of its own.
    minutes: minutes >= 1 ? minutes : minutesByDefault,
    lists,
    requests,
    app: textOf('oauth.api.key'),
    business: business === '' ? Symbol('its own') : business,
    place: placeOf(instance),
  };
}

function placeOf({ configuration, poller, node: { range }, pointer }: Instance): Load['place'] {
  const interval = configuration.get('event.poller.refresh_interval') ?? poller?.key;
  return interval ?? { range, pointer, via: [], rangeOf: () => range };
}

/** What changed, and what was deleted where Sage tells. */
export function listsOf({ url }: Entry): number {
  const name = url && hubPathOf(pollUrlOf(url))?.resource.text;
  if (name === undefined) return 0;
  return findResource(name)?.deletionFilter === undefined ? 1 : 2;
}

/** `4 lists, every minute; 1,200 lists, every 15 minutes`. */
export function arithmetic(loads: readonly Load[]): string {
  const byInterval = [...Map.groupBy(loads, ({ minutes }) => minutes)].sort(
    ([left], [right]) => left - right,
  );
  const terms = byInterval.slice(0, 3).map(([minutes, group]) => {
    const lists = group.reduce((sum, load) => sum + load.lists, 0);
    return `${written(lists)} lists, every ${everyMinutes(minutes)}`;
  });
  return [...terms, ...(byInterval.length > 3 ? ['and more'] : [])].join('; ');
}

function everyMinutes(minutes: number): string {
  if (minutes === 1) return 'minute';
  return minutes < 1 ? `${written(minutes * 60)} seconds` : `${written(minutes)} minutes`;
}

export function written(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 1 });
}
