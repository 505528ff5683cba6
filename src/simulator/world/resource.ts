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

/** One resource of Sage's API, as data: all that is special about it is said here. */
export interface Resource {
  /** Without slash, as in the URL: `sales_invoices`. */
  readonly path: string;
  /** The names under which a poller knows the kinds of item this path holds: `customers`, `vendors`. */
  readonly names: readonly string[];
  /** Whether a list with that query can show items of that name. */
  readonly covers: (name: string, query: URLSearchParams) => boolean;
  /** Attributes that the list can be sorted by; empty where Sage documents no sort. */
  readonly sort: readonly string[];
  /** Documented filters beyond the change filters. */
  readonly filters: Readonly<Record<string, (record: SageRecord, value: string) => boolean>>;
  /** Documented parameters that do not change what this simulator answers. */
  readonly inertParameters: readonly string[];
  /** What Sage does with DELETE: removes the item, or keeps it with status VOID. */
  readonly removal: 'delete' | 'void';
  /** Fields of a new item, with `displayed_as`. */
  readonly create: (context: RecordContext) => Fields & { readonly displayed_as: string };
  /** The fields that a random edit changes. `visibly` asks for a change that also shows in `displayed_as`. */
  readonly edit: (record: SageRecord, context: RecordContext, visibly: boolean) => Fields;
  /** True where an edit can show in `displayed_as`. */
  readonly editsCanShow: boolean;
  /** The fields that voiding changes; only where `removal` is `void`. */
  readonly voided?: (record: SageRecord, context: RecordContext) => Fields;
  /** True for items that nothing can happen to any more. */
  readonly isFinal: (record: SageRecord) => boolean;
  /** Reading one item writes to it unless `mark_as_sent=false` (documented default; effect unknown). */
  readonly marksAsSent: boolean;
}
