import type { BackfillWork } from '../../src/runtime/ports/engine.ts';

/** Work in which nothing is to be read again. */
export const noBackfill: BackfillWork = {
  window: undefined,
  prepare: async () => undefined,
  read: async () => undefined,
};
