import { createHash } from 'node:crypto';
import { entryOf } from '../document/node.ts';
import type { Node } from '../document/node.ts';
import { Secret, resolveReferences } from '../model/secret.ts';
import type { ReferenceSources } from '../model/secret.ts';
import type { DatesConfiguration, Entry, Instance, Leaf } from '../model/model.ts';
import {
  configurationReader,
  instanceIdOf,
  readCredentials,
  readElementToken,
  readLegacy,
  refusedInstance as refused,
  requireValue,
} from './instance-configuration.ts';
import { parseCallbackHeaders } from './callback-headers.ts';
import type { ReadConfiguration } from './instance-configuration.ts';
import { usesGrant } from './source-kind.ts';
import type { SourceKind } from './source-kind.ts';
import type { DateField, DeliveryTarget, InstancePlan, PollPlan } from './poll-plan.ts';

export interface PlanOptions {
  /** References to the signature keys before the present ones, by instance; `*` for every other. */
  readonly previousKeys?: Readonly<Record<string, string>> | undefined;
  readonly source: SourceKind;
  /** Address of the platform's API, where that is the source. */
  readonly hubUrl?: string;
  readonly references: ReferenceSources;
  /** In place of the instance's own interval. */
  readonly intervalMs: number | undefined;
  /** For instances that do not name a business. */
  readonly business: string | undefined;
}

const defaultIntervalMinutes = '15';
const defaultPageSize = 200;
/** What the platform's successor uses; Cloud Elements never said. */
const defaultToleranceSeconds = 10;

/** Turns an instance that lint found no error in into what the runtime works with. Throws `SagecfgError` for what it lacks. */
export function buildInstancePlan(instance: Instance, options: PlanOptions): InstancePlan {
  const elementKey = instance.elementKey?.value ?? 'sageone';
  const id = instanceIdOf(instance);
  const read = configurationReader(instance, options.references);
  const polls = (instance.poller?.entries ?? []).map((entry) =>
    buildPoll(entry, { instanceId: id, intervalMs: options.intervalMs ?? readIntervalMs(read, id) }),
  );
  if (polls.length === 0) throw refused(id, "has no resource in 'event.poller.configuration'");
  if (read('event.notification.enabled') === 'false') {
    throw refused(id, "has 'event.notification.enabled' false: set it to true to run it");
  }
  return {
    id,
    number: numberOf(instance, id),
    elementKey,
    hubKey: /^\/?hubs\/([^/?]+)\//.exec(polls[0]?.url ?? '')?.[1] ?? 'finance',
    tags: tagsOf(instance),
    credentials: usesGrant(options.source) ? readCredentials(read, id) : undefined,
    ...(options.source === 'sage-legacy' && { legacy: readLegacy(read, id) }),
    ...(options.hubUrl !== undefined && {
      hub: { platform: options.hubUrl, elementToken: readElementToken(instance, options.references) },
    }),
    business: read('business') ?? options.business,
    target: readTarget(read, { id, ...options }),
    polls,
  };
}

function readTarget(
  read: ReadConfiguration,
  { id, references, previousKeys = {} }: PlanOptions & { readonly id: string },
): DeliveryTarget {
  const url = URL.parse(requireValue(read, 'event.notification.callback.url', id));
  if (url === null) throw refused(id, "has an 'event.notification.callback.url' that is not a URL");
  const signatureKey = read('event.notification.signature.key');
  const previous = previousKeys[id] ?? previousKeys['*'];
  const username = read('event.notification.basic.username');
  const headers = parseCallbackHeaders(read('event.notification.callback.headers') ?? '', {
    instanceId: id,
    hasBasic: username !== undefined,
  });
  return {
    url,
    signatureKey: signatureKey === undefined ? undefined : new Secret(signatureKey),
    ...(previous !== undefined && {
      previousSignatureKey: new Secret(resolveReferences(previous, references)),
    }),
    ...(Object.keys(headers).length > 0 && { headers }),
    basic:
      username === undefined
        ? undefined
        : { username, password: new Secret(read('event.notification.basic.password') ?? '') },
  };
}

function readIntervalMs(read: ReadConfiguration, id: string): number {
  const minutes = Number(read('event.poller.refresh_interval') ?? defaultIntervalMinutes);
  if (minutes > 0 && Number.isFinite(minutes)) return Math.max(1000, Math.round(minutes * 60_000));
  throw refused(id, "has an 'event.poller.refresh_interval' that is no number of minutes");
}

function buildPoll(
  entry: Entry,
  { instanceId, intervalMs }: { readonly instanceId: string; readonly intervalMs: number },
): PollPlan {
  const resource = entry.resource.value;
  const { dates } = entry;
  const updated = dateField(dates?.updatedDateField, dates?.updatedDateFormat, dates?.updatedDateTimezone);
  return {
    key: `${instanceId}/${resource}`,
    instanceId,
    resource,
    url: required(entry.url, `${resource}.url`, instanceId),
    idField: nonBlank(entry.idField) ?? 'id',
    updated,
    created: createdField(dates, updated),
    filterByUpdatedDate: entry.filterByUpdatedDate?.value ?? true,
    filterByCurrentDate: entry.filterByCurrentDate?.value ?? false,
    createdCheckToleranceMs: 1000 * (entry.createdCheckTolerance?.value ?? defaultToleranceSeconds),
    pollDelayMs: 1000 * (entry.pollDelay?.value ?? 0),
    pageSize: Math.max(1, Math.floor(entry.pageSize?.value ?? defaultPageSize)),
    intervalMs,
  };
}

function required(leaf: Leaf<string> | undefined, name: string, id: string): string {
  if (leaf === undefined || leaf.value === '') throw refused(id, `has no '${name}'`);
  return leaf.value;
}

/** Without a format of its own the created date has that of the updated date. */
function createdField(
  dates: DatesConfiguration | undefined,
  updated: DateField | undefined,
): DateField | undefined {
  const field = dates?.createdDateField?.value ?? '';
  const pattern = nonBlank(dates?.createdDateFormat) ?? updated?.pattern;
  if (field === '' || pattern === undefined) return undefined;
  return { field, pattern, zone: nonBlank(dates?.createdDateTimezone) ?? updated?.zone ?? 'GMT' };
}

function dateField(
  field: Leaf<string> | undefined,
  pattern: Leaf<string> | undefined,
  zone: Leaf<string> | undefined,
): DateField | undefined {
  const [fieldText, patternText] = [nonBlank(field), nonBlank(pattern)];
  if (fieldText === undefined || patternText === undefined) return undefined;
  return { field: fieldText, pattern: patternText, zone: nonBlank(zone) ?? 'GMT' };
}

function nonBlank(leaf: Leaf<string> | undefined): string | undefined {
  return leaf === undefined || leaf.value.trim() === '' ? undefined : leaf.value;
}

/** The platform numbers its instances, and receivers may read the id as a number; a name has to become one. */
function numberOf({ node }: Instance, id: string): number {
  const given = entryOf(node, 'id')?.value;
  if (given?.kind === 'scalar' && Number.isSafeInteger(Number(given.value)) && Number(given.value) > 0) {
    return Number(given.value);
  }
  return 1 + (createHash('sha256').update(id).digest().readUInt32BE(0) % (2 ** 31 - 1));
}

/** The platform writes tags as texts, and answers them as `{id, name}`. */
function tagsOf({ node }: Instance): readonly string[] {
  const tags = entryOf(node, 'tags')?.value;
  if (tags?.kind !== 'sequence') return [];
  return tags.items.flatMap(({ value }) => {
    const name = value.kind === 'mapping' ? entryOf(value, 'name')?.value : value;
    return isText(name) ? [String(name.value)] : [];
  });
}

function isText(node: Node | undefined): node is Extract<Node, { kind: 'scalar' }> {
  return node?.kind === 'scalar' && node.value !== null;
}
