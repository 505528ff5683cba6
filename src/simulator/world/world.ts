import { createHash } from 'node:crypto';
import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import { emptyCollection, updateLive } from './collection.ts';
import type { Collection, ObjectHistory } from './collection.ts';
import type { RecordContext, Removal, Resource } from './resource.ts';
import type { Fields, Json, SageRecord } from './sage-record.ts';
import { sageTime, textOf } from './sage-record.ts';
import type { ChangeType, TruthEntry } from './truth-entry.ts';

export interface ChangeOptions {
  /** Sage shows the change only this long after its own timestamp. */
  readonly lateMs?: number;
  /** The change must show in `displayed_as`, where the resource can do that. */
  readonly visibly?: boolean;
  /** Fields to set, over what the record factory chose. */
  readonly fields?: Fields;
  /** When it happened, if not now: for what existed before the simulator started. */
  readonly atMs?: number;
}

export interface WorldOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly tenants: readonly string[];
  readonly resources: readonly Resource[];
}

/** The tenants' data with every version it ever had, and the append-only log of what happened. */
export class World {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #resources: readonly Resource[];
  readonly #collections = new Map<string, Map<string, Collection>>();
  readonly #truth: TruthEntry[] = [];

  constructor({ clock, seed, tenants, resources }: WorldOptions) {
    this.#clock = clock;
    this.#random = createRandom(seed, 'world');
    this.#resources = resources;
    for (const tenant of tenants) {
      this.#collections.set(tenant, new Map(resources.map(({ path }) => [path, emptyCollection()])));
    }
  }

  get truth(): readonly TruthEntry[] {
    return this.#truth;
  }

  /** Names of everything that can be created, in the order in which references need it. */
  get names(): readonly string[] {
    return this.#resources.flatMap(({ names }) => names);
  }

  /** The names of the items that a poller of that name sees: `customers` and `vendors` for `contacts`. */
  partsOf(name: string): readonly string[] {
    return this.#resources.find(({ whole }) => whole === name)?.names ?? [name];
  }

  /** The resource that a poller knows by that name, in part or as a whole. */
  resourceKnownAs(name: string): Resource | undefined {
    return this.#resources.find(({ names, whole }) => whole === name || names.includes(name));
  }

  resourceOf(name: string): Resource {
    const resource = this.#resources.find(({ names }) => names.includes(name));
    if (resource === undefined) throw unknown('resource', name, this.names);
    return resource;
  }

  resourceAt(path: string): Resource | undefined {
    return this.#resources.find((resource) => resource.path === path);
  }

  create(tenant: string, name: string, options: ChangeOptions = {}): TruthEntry {
    const resource = this.resourceOf(name);
    const { objects } = this.#collection(tenant, resource.path);
    const number = objects.size + 1;
    const atMs = options.atMs ?? this.#clock.nowMs();
    if (resource.fixedIds !== undefined && number > resource.fixedIds.length) {
      throw new SagecfgError('refused', `"${name}" are Sage's own: there can be no more of them`);
    }
    const id = resource.fixedIds?.[number - 1] ?? this.#random.hex();
    const fields = resource.create(this.#context(tenant, name, number, atMs));
    const at = sageTime(atMs);
    const record: SageRecord = {
      id,
      $path: `/${resource.path}/${id}`,
      created_at: at,
      updated_at: at,
      ...fields,
      ...options.fields,
      displayed_as: titleOf(options.fields?.['displayed_as'] ?? fields.displayed_as),
    };
    return this.#append(tenant, { resource, name, number }, record, 'CREATED', atMs, options);
  }

  edit(tenant: string, id: string, options: ChangeOptions = {}): TruthEntry {
    const history = this.#history(tenant, id);
    const { record, type } = latest(history);
    if (type === 'DELETED') throw new SagecfgError('refused', `"${id}" is deleted, it cannot change`);
    const atMs = options.atMs ?? this.#clock.nowMs();
    const context = this.#context(tenant, history.name, history.number, atMs);
    const fields = options.fields ?? history.resource.edit(record, context, options.visibly ?? false);
    return this.#append(tenant, history, revise(record, fields, atMs), 'UPDATED', atMs, options);
  }

  /** What DELETE does: the item goes, or stays and says so, or an invoice is voided, which is an update. */
  remove(tenant: string, id: string, options: ChangeOptions = {}): TruthEntry {
    const history = this.#history(tenant, id);
    const { record, type } = latest(history);
    if (type === 'DELETED') throw new SagecfgError('refused', `"${id}" is deleted already`);
    const atMs = options.atMs ?? this.#clock.nowMs();
    const { removal } = history.resource;
    if (removal === 'never')
      throw new SagecfgError('refused', `Sage deletes none of "${history.resource.path}"`);
    if (history.resource.voided !== undefined) {
      const context = this.#context(tenant, history.name, history.number, atMs);
      const fields = history.resource.voided(record, context);
      return this.#append(tenant, history, revise(record, fields, atMs), 'UPDATED', atMs, options);
    }
    // Whether a deletion touches updated_at is not known; it is left as it was where there is a list of deletions.
    const deleted =
      removal === 'flag'
        ? revise(record, { deleted: true }, atMs)
        : { ...record, ...(removal === 'delete' && { deleted_at: sageTime(atMs) }) };
    return this.#append(tenant, history, deleted, 'DELETED', atMs, options);
  }

  /** In order of creation. */
  histories(tenant: string, path: string): Iterable<ObjectHistory> {
    return this.#collection(tenant, path).objects.values();
  }

  find(tenant: string, path: string, id: string): ObjectHistory | undefined {
    return this.#collections.get(tenant)?.get(path)?.objects.get(id);
  }

  /** The latest version of some object that can still change; undefined if there is none. */
  pickLive(tenant: string, name: string, random: Random): TruthEntry | undefined {
    const collection = this.#collection(tenant, this.resourceOf(name).path);
    const ids = collection.live.get(name) ?? [];
    if (ids.length === 0) return undefined;
    const history = collection.objects.get(random.pick(ids));
    return history === undefined ? undefined : latest(history);
  }

  /** When everything that has happened will be visible, epoch milliseconds. */
  settledAtMs(): number {
    return this.#truth.reduce((most, { visibleAtMs }) => Math.max(most, visibleAtMs), 0);
  }

  #append(
    tenant: string,
    object: Pick<ObjectHistory, 'resource' | 'name' | 'number'>,
    record: SageRecord,
    type: ChangeType,
    atMs: number,
    { lateMs = 0 }: ChangeOptions,
  ): TruthEntry {
    const collection = this.#collection(tenant, object.resource.path);
    const history = collection.objects.get(record.id);
    const previous = history === undefined ? undefined : latest(history);
    const entry: TruthEntry = {
      sequence: this.#truth.length + 1,
      tenant,
      resource: object.name,
      path: object.resource.path,
      id: record.id,
      version: (previous?.version ?? 0) + 1,
      type,
      seenIn: type === 'DELETED' ? listOfDeletions[object.resource.removal] : 'changes',
      updatedAt: sageTime(atMs),
      changedAtMs: atMs,
      // A row that is locked by an open transaction cannot show a later change first.
      visibleAtMs: Math.max(atMs + lateMs, previous?.visibleAtMs ?? 0),
      hash: contentHash(record),
      record,
    };
    if (history === undefined) collection.objects.set(record.id, { ...object, versions: [entry] });
    else history.versions.push(entry);
    updateLive(collection, object.name, record.id, !object.resource.isFinal(record) && type !== 'DELETED');
    this.#truth.push(entry);
    return entry;
  }

  #context(tenant: string, name: string, number: number, nowMs: number): RecordContext {
    return {
      random: this.#random,
      number,
      name,
      nowMs,
      find: (wanted) => this.pickLive(tenant, wanted, this.#random)?.record,
    };
  }

  #collection(tenant: string, path: string): Collection {
    const paths = this.#collections.get(tenant);
    if (paths === undefined) throw unknown('tenant', tenant, [...this.#collections.keys()]);
    const collection = paths.get(path);
    if (collection === undefined) throw unknown('path', path, [...paths.keys()]);
    return collection;
  }

  #history(tenant: string, id: string): ObjectHistory & { readonly versions: [TruthEntry, ...TruthEntry[]] } {
    for (const { objects } of this.#collections.get(tenant)?.values() ?? []) {
      const history = objects.get(id);
      if (history !== undefined) return history;
    }
    throw new SagecfgError('usage', `tenant "${tenant}" has no object "${id}"`);
  }
}

/** Which list tells of a deletion. */
const listOfDeletions: Readonly<Record<Removal, TruthEntry['seenIn']>> = {
  delete: 'deletions',
  flag: 'changes',
  vanish: 'nowhere',
  // An artefact that is voided is not deleted.
  void: 'nowhere',
  never: 'nowhere',
};

/** The version that Sage shows at that time; undefined before the object is visible at all. */
export function visibleVersion({ versions }: ObjectHistory, nowMs: number): TruthEntry | undefined {
  return versions.findLast(({ visibleAtMs }) => visibleAtMs <= nowMs);
}

function latest({ versions }: ObjectHistory): TruthEntry {
  return versions.at(-1) ?? versions[0];
}

function revise(record: SageRecord, fields: Fields, atMs: number): SageRecord {
  return {
    ...record,
    ...fields,
    displayed_as: titleOf(fields['displayed_as'] ?? record.displayed_as),
    updated_at: sageTime(atMs),
  };
}

function titleOf(value: Json): string | null {
  return value === null ? null : textOf(value);
}

function contentHash({ updated_at: _updated, ...content }: SageRecord): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

function unknown(what: string, value: string, known: readonly string[]): SagecfgError {
  return new SagecfgError('usage', `unknown ${what} "${value}": expected one of ${known.join(', ')}`);
}
