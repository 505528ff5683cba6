import type { SimulatorReport } from '../../src/simulator/simulator.ts';
import { exceeding } from './scenario.ts';

/**
 * What the receiver's ledger has against the promise: nothing lost, in order, one id for one change, nothing made up. How
 * many events may come again is for the caller to say, and of how many objects it may be told again that they are new.
 */
export function judgeLedger(
  { comparison }: SimulatorReport,
  { duplicates = 0, createdAgain = 0 }: { readonly duplicates?: number; readonly createdAgain?: number } = {},
): readonly string[] {
  const { lost, differentIds, outOfOrder, unsourced, badSignatures } = comparison;
  const broken = exceeding({
    lost: [lost, 0],
    differentIds: [differentIds, 0],
    outOfOrder: [outOfOrder, 0],
    unsourced: [unsourced, 0],
    badSignatures: [badSignatures, 0],
    createdAgain: [comparison.createdAgain, createdAgain],
    duplicates: [comparison.duplicates, duplicates],
  });
  if (broken.length === 0) return [];
  return [...broken, ...comparison.differences.slice(0, 5).map((difference) => JSON.stringify(difference))];
}
