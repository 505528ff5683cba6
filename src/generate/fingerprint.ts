import { createHash } from 'node:crypto';
import { appendToPointer } from '../document/json-pointer.ts';
import type { Value } from '../document/to-value.ts';
import { isObject } from './fields.ts';

/** What an entry was when it was generated, as far as it can be asked of a short text in a comment. */
export interface Fingerprint {
  /** The key was there, whatever its value. */
  readonly hadKey: (pointer: string) => boolean;
  /** The key was there with this value. */
  readonly had: (pointer: string, value: Value) => boolean;
}

/** Characters of the hash of a key, and of that of its value: long enough to tell the keys of an entry apart. */
const keyLength = 3;
const valueLength = 4;

/** A text of seven characters for each value that stands on its own, in the alphabet of base64url. */
export function fingerprintOf(value: Value): string {
  return leavesOf('', value)
    .map(([pointer, leaf]) => hashOf(pointer, keyLength) + valueHash(pointer, leaf))
    .join('');
}

/** Undefined for a text that is no fingerprint. */
export function parseFingerprint(text: string): Fingerprint | undefined {
  if (text.length % (keyLength + valueLength) !== 0 || !/^[\w-]*$/.test(text)) return undefined;
  const known = text.match(/.{7}/g) ?? [];
  const keys = new Set(known.map((part) => part.slice(0, keyLength)));
  const values = new Set(known);
  return {
    hadKey: (pointer) => keys.has(hashOf(pointer, keyLength)),
    had: (pointer, value) => values.has(hashOf(pointer, keyLength) + valueHash(pointer, value)),
  };
}

/** Values that have no keys of their own, each with its pointer. */
export function leavesOf(pointer: string, value: Value): (readonly [string, Value])[] {
  const entries = isObject(value) ? Object.entries(value) : [];
  if (entries.length === 0) return [[pointer, value]];
  return entries.flatMap(([key, inner]) => leavesOf(appendToPointer(pointer, key), inner));
}

function valueHash(pointer: string, value: Value): string {
  return hashOf(`${pointer}\0${JSON.stringify(value)}`, valueLength);
}

function hashOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
