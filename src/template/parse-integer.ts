import { matchAt } from './match-at.ts';

export interface ReadInteger {
  readonly value: number;
  readonly end: number;
}

const integer = /-?(?:\d+(?:E-?\d+)?|∞)|NaN/y;

/**
 * Reads a number as Java's integer NumberFormat does, exponent and all, and squeezes it into 32 bits as Java does:
 * a long keeps its low bits, anything larger becomes the largest integer.
 */
export function readInteger(text: string, start: number, limit: number): ReadInteger | undefined {
  const source = limit < text.length ? text.slice(0, limit) : text;
  const found = matchAt(integer, source, start);
  if (found === undefined) return undefined;
  return { value: squeeze(found), end: start + found.length };
}

function squeeze(source: string): number {
  if (source === 'NaN') return 0;
  const value = source.includes('∞') ? Number(source.replace('∞', 'Infinity')) : Number(source);
  if (Number.isSafeInteger(value)) return value | 0 || Number(BigInt.asIntN(32, BigInt(value)));
  if (Math.abs(value) < 1) return 0;
  if (Math.abs(value) >= 2 ** 63 || source.includes('E')) return saturate(value);
  return Number(BigInt.asIntN(32, BigInt(source)));
}

function saturate(value: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value)));
}
