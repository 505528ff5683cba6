import { findResource } from '../catalog/sage-resource.ts';
import type { Entry, Instance } from '../model/model.ts';
import { hubPathOf } from './hub-path.ts';
import { pollUrlOf } from './poll-url.ts';

/** Sage's own limit of an app: 15 a second. */
export const requestsADayOfAnApp = 1_296_000;
/** Hearsay, and what `sagecfg run` keeps to. */
export const requestsAMinuteOfABusiness = 100;

const minutesADay = 24 * 60;
const minutesByDefault = 15;

/** What one instance asks for. */
export interface Load {
  readonly instance: Instance;
  readonly minutes: number;
  /** Requests that a poll of all its resources takes at least. */
  readonly lists: number;
  /** Instances with the same one share a limit. */
  readonly app: string;
  /** Undefined where the instance leaves it to Sage: then it is one of its own. */
  readonly business: string | Instance;
}

/** The loads of those among them that poll Sage; every so many minutes, in place of what each says. */
export function pollLoads(instances: readonly Instance[], minutes?: number): readonly Load[] {
  const loads = instances.filter(isPolled).map(toLoad);
  return minutes === undefined ? loads : loads.map((load) => ({ ...load, minutes }));
}

/** At least: a list of many pages takes more. */
export function requestsADay(loads: readonly Load[]): number {
  return requestsAMinute(loads) * minutesADay;
}

export function requestsAMinute(loads: readonly Load[]): number {
  return loads.reduce((sum, { lists, minutes }) => sum + lists / minutes, 0);
}

function isPolled({ elementKey, configuration, poller }: Instance): boolean {
  const isOff = String(configuration.get('event.notification.enabled')?.value) === 'false';
  const isPushed = /^webhooks?$/.test(String(configuration.get('event.vendor.type')?.value));
  return elementKey?.value === 'sageone' && poller !== undefined && !isOff && !isPushed;
}

function toLoad(instance: Instance): Load {
  const textOf = (key: string): string => String(instance.configuration.get(key)?.value ?? '').trim();
  const minutes = Number(textOf('event.poller.refresh_interval'));
  const lists = (instance.poller?.entries ?? []).reduce((sum, entry) => sum + listsOf(entry), 0);
  const business = textOf('business');
  return {
    instance,
    // Anything below a minute is a mistake of its own.
    minutes: minutes >= 1 ? minutes : minutesByDefault,
    lists,
    app: textOf('oauth.api.key'),
    business: business === '' ? instance : business,
  };
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
