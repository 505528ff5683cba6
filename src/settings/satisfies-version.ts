/**
 * Whether a version is in a range as npm writes it: `^1.2`, `~1.2.3`, `>=1 <2`, `1.x`. A range without a version that it
 * can be compared by holds every version of its numbers: `1.2` is any 1.2.x. Pre-releases count as what they precede.
 */
export function satisfiesVersion(version: string, range: string): boolean {
  const numbers = numbersOf(version);
  return [...range.matchAll(comparator)].every(({ groups }) => {
    const { operator = '', written = '' } = groups ?? {};
    const { from, to } = boundsOf(operator, numbersOf(written));
    return compare(numbers, from) >= 0 && compare(numbers, to) < 0;
  });
}

const comparator = /(?<operator>\^|~|>=|<=|>|<|=)?\s*(?<written>\d[^\s]*)/g;

type Numbers = readonly number[];

interface Bounds {
  readonly from: Numbers;
  /** Not in the range any more. */
  readonly to: Numbers;
}

const lowest: Numbers = [0, 0, 0];
const highest: Numbers = [Number.POSITIVE_INFINITY];

/** `written` may have fewer than three numbers: those left out may be anything. */
function boundsOf(operator: string, written: Numbers): Bounds {
  const next = following(written, written.length - 1);
  if (operator === '>=') return { from: written, to: highest };
  if (operator === '>') return { from: next, to: highest };
  if (operator === '<') return { from: lowest, to: written };
  if (operator === '<=') return { from: lowest, to: next };
  if (operator === '~') return { from: written, to: following(written, Math.min(1, written.length - 1)) };
  if (operator !== '^') return { from: written, to: next };
  // What the first number that is not 0 counts may break; the others may not.
  const first = written.findIndex((number) => number > 0);
  return { from: written, to: following(written, first === -1 ? written.length - 1 : first) };
}

function following(numbers: Numbers, index: number): Numbers {
  return [...numbers.slice(0, index), (numbers[index] ?? 0) + 1];
}

function numbersOf(version: string): Numbers {
  const plain = version.replace(/[-+].*$/, '').split('.');
  const wildcard = plain.findIndex((part) => !/^\d+$/.test(part));
  return plain.slice(0, wildcard === -1 ? 3 : wildcard).map(Number);
}

function compare(left: Numbers, right: Numbers): number {
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
