import type { Clock } from '../clock.ts';
import type { TruthEntry } from '../world/truth-entry.ts';

/** Which feed a list request reads. */
type Feed = 'changes' | 'deletions';

/** What the other side was shown, and from when on it was looking. */
export interface ReadJournal {
  noteRead(read: NotedRead): void;
  /** When that feed was first read, epoch milliseconds; undefined while nobody has. */
  firstReadMs(tenant: string, name: string, feed: Feed): number | undefined;
  /** True when it was read, and only through a door that has no list of deletions. */
  isBlindToDeletions(tenant: string, name: string): boolean;
  /** True when a list has shown that version. */
  wasServed(sequence: number): boolean;
}

interface NotedRead {
  readonly tenant: string;
  readonly names: readonly string[];
  readonly feed: Feed;
  readonly served: readonly TruthEntry[];
  readonly tellsDeletions: boolean;
}

export function createReadJournal(clock: Clock): ReadJournal {
  const firstReads = new Map<string, number>();
  const served = new Set<number>();
  const seeing = new Set<string>();
  const blind = new Set<string>();
  return {
    noteRead: ({ tenant, names, feed, served: entries, tellsDeletions }) => {
      for (const name of names) {
        const doors = tellsDeletions ? seeing : blind;
        doors.add(keyOf(tenant, name, 'changes'));
        const key = keyOf(tenant, name, feed);
        if (!firstReads.has(key)) firstReads.set(key, clock.nowMs());
      }
      for (const { sequence } of entries) served.add(sequence);
    },
    firstReadMs: (tenant, name, feed) => firstReads.get(keyOf(tenant, name, feed)),
    isBlindToDeletions: (tenant, name) => {
      const key = keyOf(tenant, name, 'changes');
      return blind.has(key) && !seeing.has(key);
    },
    wasServed: (sequence) => served.has(sequence),
  };
}

function keyOf(tenant: string, name: string, feed: Feed): string {
  return JSON.stringify([tenant, name, feed]);
}
