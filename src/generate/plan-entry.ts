import { recommendedEntry } from '../catalog/recommended-entry.ts';
import type { SageResource } from '../catalog/sage-resource.ts';
import { toValue } from '../document/to-value.ts';
import type { Entry } from '../model/model.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { adaptUrl, applyValueEdits, type ValueEdit } from './adapt-url.ts';
import { isObject, type ObjectValue } from './fields.ts';

/** An entry that is to be written, and what it must turn out to be when it is read again. */
export interface PlannedEntry {
  readonly resource: SageResource;
  readonly value: ObjectValue;
  /** What makes the source's URL the new one; undefined where the source is no model for it. */
  readonly urlEdits: readonly ValueEdit[] | undefined;
  /** What of the source was not taken over, as phrases. */
  readonly notes: readonly string[];
}

/** The entry for `resource` with the choices of `source`: its template, further conditions, tolerances and dates. */
export function planEntry(source: Entry, resource: SageResource): PlannedEntry {
  const url = source.url?.value ?? '';
  const adapted = adaptUrl(url, resource);
  if (adapted === undefined) throw notAdaptable(source, url);
  const origin = adapted.source;
  if (origin !== undefined && origin.changeFilter === undefined) {
    // What is read whole has no condition to take over.
    const note = `written anew: "${origin.name}" is not read by change, so there is nothing to take over`;
    return planRecommended(resource, [note]);
  }
  const value = toValue(source.node);
  return {
    resource,
    value: { ...(isObject(value) ? value : {}), url: applyValueEdits(url, adapted.edits) },
    urlEdits: adapted.edits,
    notes: adapted.notes,
  };
}

/** The entry as the catalog recommends it, without any model. */
export function planRecommended(resource: SageResource, notes: readonly string[]): PlannedEntry {
  const { url, idField, datesConfiguration } = recommendedEntry(resource);
  return {
    resource,
    value: { url, idField, datesConfiguration: { ...datesConfiguration } },
    urlEdits: undefined,
    notes,
  };
}

function notAdaptable({ resource }: Entry, url: string): SagecfgError {
  return new SagecfgError(
    'refused',
    `entry "${resource.value}" cannot be cloned: ${JSON.stringify(url)} is no path of Sage's in the hub (/hubs/finance/RESOURCE); name another entry with --from`,
  );
}
