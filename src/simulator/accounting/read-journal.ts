import type { Clock } from '../clock.ts';
import type { TruthEntry } from '../world/truth-entry.ts';

/** Which feed a list request reads. */
type Feed = 'changes' | 'deletions';

/** What the other side was shown, and from when on it was looking. */
export interface ReadJournal {
  noteRead(tenant: string, names: readonly string[], feed: Feed, served: readonly TruthEntry[]): void;
  /** When that feed was first read, epoch milliseconds; undefined while nobody has. */
  firstReadMs(tenant: string, name: string, feed: Feed): number | undefined;
  /** True when a list has shown that version. */
  wasServed(sequence: number): boolean;
}

export function createReadJournal(clock: Clock): ReadJournal {
  const firstReads = new Map<string, number>();
  const served = new Set<number>();
  return {
    noteRead: (tenant, names, feed, entries) => {
      for (const name of names) {
        const key = keyOf(tenant, name, feed);
        if (!firstReads.has(key)) firstReads.set(key, clock.nowMs());
      }
      for (const { sequence } of entries) served.add(sequence);
    },
    firstReadMs: (tenant, name, feed) => firstReads.get(keyOf(tenant, name, feed)),
    wasServed: (sequence) => served.has(sequence),
  };
}

function keyOf(tenant: string, name: string, feed: Feed): string {
  return JSON.stringify([tenant, name, feed]);
}
