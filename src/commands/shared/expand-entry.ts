import { sageListQuery } from '../../catalog/sage-list-query.ts';
import { sageRequestFor, type SageRequestFault } from '../../catalog/sage-request.ts';
import type { Entry, Leaf } from '../../model/model.ts';
import { expandUrl, type ExpandedUrl } from '../../template/expand-url.ts';

export interface ExpansionTimes {
  /** Of the last poll, epoch milliseconds. */
  readonly lastPollMs: number;
  /** Of this poll, epoch milliseconds. */
  readonly nowMs: number;
  /** The zone of the platform's servers. */
  readonly zone: string;
}

/** What one entry asks for at a given time. */
export interface EntryExpansion extends ExpandedUrl {
  /** As written. */
  readonly url: string;
  /** The time that the templates give: that of the last poll, less `pollDelay`; epoch milliseconds. */
  readonly sinceMs: number;
  readonly pollDelaySeconds: number;
}

/** Fills in an entry's URL. `url` is its text, with secrets masked. */
export function expandEntry(
  entry: Entry,
  url: string,
  { lastPollMs, nowMs, zone }: ExpansionTimes,
): EntryExpansion {
  const pollDelaySeconds = entry.pollDelay?.value ?? 0;
  const sinceMs = lastPollMs - pollDelaySeconds * 1000;
  const updatedDateFormat = entry.dates?.updatedDateFormat?.value;
  return { ...expandUrl(url, { sinceMs, nowMs, zone, updatedDateFormat }), url, sinceMs, pollDelaySeconds };
}

/** A request that Sage gets for an entry: the first page of it. */
interface SageGet {
  readonly kind: 'changes' | 'deletions';
  /** Below `/v3.1`, not percent-encoded. */
  readonly readable: string;
  /** The same, percent-encoded as the client of Sage does it. */
  readonly encoded: string;
}

export interface SageExpansion {
  readonly requests: readonly SageGet[];
  /** Why deletions are not asked for, where they are not. */
  readonly blindness: string | undefined;
  readonly faults: readonly SageRequestFault[];
}

/** What `sagecfg run` asks Sage for in place of the hub. */
export function expandForSage(entry: Entry, { expanded, sinceMs }: EntryExpansion): SageExpansion {
  const { request, faults } = sageRequestFor(expanded);
  if (request === undefined) return { requests: [], blindness: undefined, faults };
  const { resource } = request;
  const kinds: SageGet['kind'][] =
    resource.deletionFilter === undefined ? ['changes'] : ['changes', 'deletions'];
  const fields = [entry.dates?.updatedDateField, entry.dates?.createdDateField].map(textOf);
  const listing = {
    sinceMs: Math.floor(sinceMs / 1000) * 1000,
    fields,
    pageSize: entry.pageSize?.value ?? 200,
  };
  const blindSpot = resource.blindSpots.find(({ to }) => to === 'deletions');
  return {
    requests: kinds.map((kind) => ({
      kind,
      ...renderGet(request.path, sageListQuery(request, { ...listing, kind })),
    })),
    blindness: kinds.length > 1 ? undefined : blindSpot?.why,
    faults,
  };
}

function textOf(leaf: Leaf<string> | undefined): string {
  return leaf?.value ?? '';
}

function renderGet(
  path: string,
  query: readonly (readonly [name: string, value: string])[],
): Pick<SageGet, 'readable' | 'encoded'> {
  const join = (write: (value: string) => string): string =>
    `${path}?${query.map(([name, value]) => `${name}=${write(value)}`).join('&')}`;
  return { readable: join((value) => value), encoded: join(encodeURIComponent) };
}
