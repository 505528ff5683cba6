import type { Random } from '../random.ts';
import type { Fields, SageRecord } from './sage-record.ts';

/** What a record factory may draw on. */
export interface RecordContext {
  readonly random: Random;
  /** The object's number within its tenant and path, from 1. */
  readonly number: number;
  /** Which of the resource's names the item goes by. */
  readonly name: string;
  readonly nowMs: number;
  /** Any live item of that name of the same tenant; undefined if there is none. */
  readonly find: (name: string) => SageRecord | undefined;
}

/**
 * What Sage does with DELETE, and who learns of it:
 * - `delete` the item moves to the list by `deleted_since`
 * - `void` the item stays with status VOID: an update
 * - `flag` the item stays with `deleted` true: an update
 * - `vanish` the item is gone, and no list tells
 * - `never` there is no DELETE
 */
export type Removal = 'delete' | 'void' | 'flag' | 'vanish' | 'never';

/** One resource of Sage's API, as data: all that is special about it is said here. */
export interface Resource {
  /** Without slash, as in the URL: `sales_invoices`. */
  readonly path: string;
  /** The names under which a poller knows the kinds of item this path holds: `customers`, `vendors`. */
  readonly names: readonly string[];
  /** The name under which a poller knows the whole list, where `names` are its parts. */
  readonly whole?: string;
  /** Whether a list with that query can show items of that name. */
  readonly covers: (name: string, query: URLSearchParams) => boolean;
  /** The query that leaves only the items of one of the names: `contact_type_id` for `customers`. */
  readonly partQueries?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Attributes that the list can be sorted by; empty where Sage documents no sort. */
  readonly sort: readonly string[];
  /** Documented filters beyond the change filters. */
  readonly filters: Readonly<Record<string, (record: SageRecord, value: string) => boolean>>;
  /** Documented parameters that do not change what this simulator answers. */
  readonly inertParameters: readonly string[];
  /** Whether the list takes `updated_or_created_since`. `deleted_since` goes by `removal`. */
  readonly hasChangeFilter: boolean;
  readonly removal: Removal;
  /** Fields of a new item, with `displayed_as`. */
  readonly create: (context: RecordContext) => Fields & { readonly displayed_as: string | null };
  /** The fields that a random edit changes. `visibly` asks for a change that also shows in `displayed_as`. */
  readonly edit: (record: SageRecord, context: RecordContext, visibly: boolean) => Fields;
  /** False where Sage has no PUT: nothing changes such an item but its deletion. */
  readonly canEdit: boolean;
  /** True where an edit can show in `displayed_as`. */
  readonly editsCanShow: boolean;
  /** The fields that voiding changes; only where `removal` is `void`. */
  readonly voided?: (record: SageRecord, context: RecordContext) => Fields;
  /** True for items that nothing can happen to any more. */
  readonly isFinal: (record: SageRecord) => boolean;
  /** Reading one item writes to it unless `mark_as_sent=false` (documented default; effect unknown). */
  readonly marksAsSent: boolean;
  /** A list of Sage's own values, which nobody changes: its ids, in order. */
  readonly fixedIds?: readonly string[];
  /** Times that Sage's records of this kind do not have. */
  readonly hides?: readonly ('created_at' | 'updated_at')[];
  /** One record that always exists, and no list. */
  readonly isSingleton?: boolean;
}

/** Every name under which a poller can see an item of that name: its own, and that of the whole list. */
export function namesThatSee({ whole }: Resource, name: string): readonly string[] {
  return whole === undefined ? [name] : [name, whole];
}

/** Whether the list takes `deleted_since`. */
export function hasDeletionFilter({ removal }: Resource): boolean {
  return removal === 'delete' || removal === 'void';
}
