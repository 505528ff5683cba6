import { findResource } from '../catalog/sage-resource.ts';
import type { Entry } from '../model/model.ts';
import type { Span } from '../template/template-part.ts';
import type { PollUrl } from '../template/poll-url.ts';
import { pollUrlOf } from './poll-url.ts';

/** The two parts of `/hubs/HUB/RESOURCE`. Offsets are those of the URL. */
export interface HubPath {
  readonly hub: Span;
  /** May have several segments: `calendars/changed-events`. */
  readonly resource: Span;
}

const known = new WeakMap<PollUrl, HubPath | 'none'>();

/** Undefined for any other path, and for one that is still to be filled in. */
export function hubPathOf(url: PollUrl): HubPath | undefined {
  let path = known.get(url);
  if (path === undefined) {
    path = readHubPath(url) ?? 'none';
    known.set(url, path);
  }
  return path === 'none' ? undefined : path;
}

/** That of an entry's URL. */
export function entryPath({ url }: Entry): HubPath | undefined {
  return url && hubPathOf(pollUrlOf(url));
}

function readHubPath({ path }: PollUrl): HubPath | undefined {
  const match = /^(\s*\/?hubs\/)([^/\s]+)(\/)([^\s{}<>$]+?)\/?\s*$/d.exec(path.text);
  const [hub, resource] = [match?.indices?.[2], match?.indices?.[4]];
  if (hub === undefined || resource === undefined) return undefined;
  const span = ([start, end]: [number, number]): Span => ({
    text: path.text.slice(start, end),
    start: path.start + start,
    end: path.start + end,
  });
  return { hub: span(hub), resource: span(resource) };
}

/**
 * True for two names of what may well be one thing: `cases` and `case`, `orders` and `sales-orders`. What Sage has under
 * two names is two things.
 */
export function isSameResource(left: string, right: string, isSage: boolean): boolean {
  if (left === right && /^[a-z]{4}/i.test(left)) return true;
  if (isSage && findResource(left) !== undefined && findResource(right) !== undefined) return left === right;
  const [first, second] = [plainName(left), plainName(right)];
  return first !== '' && second !== '' && (first.includes(second) || second.includes(first));
}

function plainName(name: string): string {
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return letters.replace(/ies$/, 'y').replace(/(?:e?s)$/, '');
}
