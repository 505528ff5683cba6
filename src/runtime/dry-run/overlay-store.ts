import type { GrantStore } from '../ports/grant-store.ts';
import type { Baseline, PollState, PollStore } from '../ports/poll-store.ts';
import type { StateReader, Store } from '../ports/store.ts';

/**
 * A state that begins as the one that is read, and keeps what is written to itself: in `memory`, which goes with the
 * process. Events and notifications that wait in the state are not in it.
 */
export function overlayStore(memory: Store, base: StateReader | undefined): Store {
  if (base === undefined) return memory;
  return {
    ...memory,
    polls: overlayPolls(memory.polls, base),
    grants: overlayGrants(memory.grants, base.grants),
    [Symbol.asyncDispose]: async () => {
      await base[Symbol.asyncDispose]();
      await memory[Symbol.asyncDispose]();
    },
  };
}

function overlayPolls(memory: PollStore, base: StateReader): PollStore {
  return {
    ...memory,
    ensure: async (poll, start) => {
      const known = await base.findPoll(poll.key);
      await memory.ensure(poll, known === undefined ? start : { ...start, baseline: baselineOf(known) });
      if (known !== undefined) await copyProgress(known, memory);
    },
    readLedger: async (key, objectIds) =>
      new Map([...(await base.readLedger(key, objectIds)), ...(await memory.readLedger(key, objectIds))]),
  };
}

function baselineOf({ baseline, baselineMs }: PollState): Baseline {
  return baseline === 'since' ? { kind: 'since', fromMs: baselineMs ?? 0 } : { kind: baseline };
}

async function copyProgress({ key, baselineMs, scans }: PollState, memory: PollStore): Promise<void> {
  for (const scan of ['changes', 'deletions'] as const) {
    const { watermarkMs } = scans[scan];
    await memory.commitPage({
      pollKey: key,
      scan,
      startsScan: true,
      objectIds: [],
      ledger: [],
      events: [],
      checkpoint: undefined,
      ...(baselineMs === undefined ? {} : { baselineMs }),
      ...(watermarkMs === undefined ? {} : { watermarkMs }),
    });
  }
}

function overlayGrants(memory: GrantStore, base: StateReader['grants']): GrantStore {
  return {
    ...memory,
    read: async (instanceId) => (await memory.read(instanceId)) ?? base.read(instanceId),
    readBySeed: async (seedMark) => (await memory.readBySeed(seedMark)) ?? base.readBySeed(seedMark),
  };
}
