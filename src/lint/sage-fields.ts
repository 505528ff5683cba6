import { didYouMean } from '../problem/did-you-mean.ts';

/** `lastModifiedDate` is the hub's own copy of `updated_at`. */
const dateFields = ['updated_at', 'created_at', 'deleted_at', 'lastModifiedDate'];

/** The field of Sage's records that was most likely meant by a date field that no record has. */
export function meantDateField(field: string): string | undefined {
  if (dateFields.includes(field) || field.trim() === '') return undefined;
  const aliases: Readonly<Record<string, string>> = { updated: 'updated_at', created: 'created_at' };
  return aliases[field] ?? didYouMean(field, dateFields);
}
