import { createHash } from 'node:crypto';

/** A seeded sequence: the same seed and label give the same numbers on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [0, below). */
  integer(below: number): number;
  chance(probability: number): boolean;
  pick<Item extends string | object>(items: readonly Item[]): Item;
  /** Lower-case hexadecimal digits, 32 as in Sage's ids unless told otherwise. */
  hex(length?: number): string;
}

/** One seed gives one independent sequence per label, so that serving a request never disturbs the changes. */
export function createRandom(seed: number, label: string): Random {
  const next = smallFastCounter(createHash('sha256').update(`${seed}:${label}`).digest());
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[integer(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    hex: (length = 32) => Array.from({ length }, () => integer(16).toString(16)).join(''),
  };
}

/** The sfc32 generator. */
function smallFastCounter(seed: Buffer): () => number {
  let a = seed.readInt32LE(0);
  let b = seed.readInt32LE(4);
  let c = seed.readInt32LE(8);
  let counter = seed.readInt32LE(12);
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4_294_967_296;
  };
}
