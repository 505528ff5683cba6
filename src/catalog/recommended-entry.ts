import type { SageResource } from './sage-resource.ts';

/** The values of a poller entry as Sage's records and Cloud Elements' hub want them. */
export interface RecommendedEntry {
  readonly url: string;
  readonly idField: 'id';
  /** Without the fields that the resource's records lack. */
  readonly datesConfiguration: Readonly<Partial<Record<DateKey, string>>>;
}

type DateKey = `${'updated' | 'created'}Date${'Field' | 'Format' | 'Timezone'}`;

/** Sage writes every time in UTC, whole seconds, with a Z. */
const pattern = "yyyy-MM-dd'T'HH:mm:ss'Z'";

/** The entry that polls `resource` for changes, or all of it where Sage has no change filter. */
export function recommendedEntry(resource: SageResource): RecommendedEntry {
  const attributes = dateAttributes(resource);
  const conditions = [
    ...(resource.changeFilter ? [`lastModifiedDate>='\${gmtDate:${pattern}}'`] : []),
    ...(attributes.length > 0 ? [`attributes='${attributes.join(',')}'`] : []),
  ];
  const where = conditions.length > 0 ? `?where=${conditions.join(' and ')}` : '';
  return {
    url: hubPath(resource) + where,
    idField: 'id',
    datesConfiguration: {
      ...(resource.updatedField && datesOf('updated', resource.updatedField)),
      ...(resource.createdField && datesOf('created', resource.createdField)),
    },
  };
}

function hubPath({ name }: SageResource): string {
  return `/hubs/finance/${name}`;
}

/** Attributes to ask for: lists answer only id, displayed_as and $path by themselves. */
export function dateAttributes({ createdField, updatedField, deletedFlag }: SageResource): string[] {
  return [createdField, updatedField, deletedFlag].filter((field) => field !== undefined);
}

function datesOf(kind: 'updated' | 'created', field: string): RecommendedEntry['datesConfiguration'] {
  return { [`${kind}DateField`]: field, [`${kind}DateFormat`]: pattern, [`${kind}DateTimezone`]: 'GMT' };
}
