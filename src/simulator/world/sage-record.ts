export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An item as Sage writes it. Never changed in place: a new version is a new record. */
export interface SageRecord {
  readonly id: string;
  readonly displayed_as: string | null;
  readonly $path: string;
  /** Whole seconds UTC, `2026-03-02T09:14:05Z`. */
  readonly created_at: string;
  readonly updated_at: string;
  readonly [attribute: string]: Json;
}

/** What a record says beyond its identity and its times. */
export type Fields = Readonly<Record<string, Json>>;

/** A link to another item, as Sage writes it. */
export function reference(path: string, id: string, displayedAs: string | null): Json {
  return { id, displayed_as: displayedAs, $path: `/${path}/${id}` };
}

/** The link to an item that this simulator has. */
export function referenceTo(record: SageRecord): Json {
  return { id: record.id, displayed_as: record.displayed_as, $path: record.$path };
}

/** A scalar as text; what has no text of its own is empty. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'object' || value === undefined ? '' : String(value);
}

/** Sage's time: the finer clock's instant cut to the second. */
export function sageTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function sageDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Sage's decimals: a string, shortest form, at least one digit after the point. Takes hundredths. */
export function amount(hundredths: number): string {
  const value = hundredths / 100;
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
