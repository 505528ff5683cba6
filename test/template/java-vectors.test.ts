import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { compilePattern } from '../../src/template/compile-pattern.ts';

/** One answer that Java 17 gave. */
type Vector =
  | {
      readonly op: 'format';
      readonly pattern: string;
      readonly zone: string;
      readonly epochMs: number;
      readonly text: string;
    }
  | {
      readonly op: 'format';
      readonly pattern: string;
      readonly zone: string;
      readonly epochMs: number;
      readonly error: string;
    }
  | {
      readonly op: 'parse';
      readonly pattern: string;
      readonly zone: string;
      readonly text: string;
      readonly epochMs: number;
      readonly consumed: number;
    }
  | {
      readonly op: 'parse';
      readonly pattern: string;
      readonly zone: string;
      readonly text: string;
      readonly error: string;
    };

/** When the vectors were printed: two-digit years count from here. */
const now = Date.parse('2026-11-23T23:00:00Z');
const own = new URL('../../fixtures/template/java-dates.jsonl', import.meta.url);
const shared = new URL('../../../shared/vectors/simple-date-format.jsonl', import.meta.url);

function readVectors(file: URL): readonly Vector[] {
  // The files are ours, one JSON object of this shape a line.
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector);
}

function answer(vector: Vector): string {
  const result = compilePattern(vector.pattern);
  if (!result.ok) return 'invalid pattern';
  if (vector.op === 'format') return result.pattern.format(vector.epochMs, vector.zone);
  const parsed = result.pattern.parse(vector.text, vector.zone, { now });
  return parsed === undefined ? 'unparseable' : `${parsed.epochMs} after ${parsed.consumed}`;
}

function javaAnswer(vector: Vector): string {
  if ('error' in vector) return vector.error;
  return vector.op === 'format' ? vector.text : `${vector.epochMs} after ${vector.consumed}`;
}

function compare(vectors: readonly Vector[]): readonly string[] {
  return vectors
    .filter((vector) => answer(vector) !== javaAnswer(vector))
    .map((vector) => `${JSON.stringify(vector)} gave ${answer(vector)}`);
}

describe('Java 17 and this library agree', () => {
  test('on every vector of our own', () => {
    const vectors = readVectors(own);
    expect(vectors.length).toBeGreaterThan(400);
    expect(compare(vectors)).toEqual([]);
  });

  test.skipIf(!existsSync(shared))('on every shared vector, zone names included', () => {
    const vectors = readVectors(shared);
    expect(vectors.length).toBe(732);
    expect(compare(vectors)).toEqual([]);
  });
});
