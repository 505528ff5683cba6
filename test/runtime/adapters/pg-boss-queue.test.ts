import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Jobs, Turn } from '../../../src/runtime/adapters/engine/jobs.ts';
import { aliveEveryMs, createQueue } from '../../../src/runtime/adapters/engine/pg-boss-queue.ts';
import type { Clock } from '../../../src/sage/clock.ts';

const turn: Turn = {
  queue: 'poll',
  key: 'one',
  group: 'app',
  attempt: { id: 'job', retryCount: 0 },
  postponed: 0,
};

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}

describe('a queue', () => {
  it('looks more often for a while after it had something to do, so that starts do not bunch', async () => {
    const stop = new AbortController();
    let nowMs = 0;
    const clock: Clock = {
      now: () => nowMs,
      sleep: async (milliseconds, signal) => {
        // The heartbeat of turns takes no part in this.
        if (milliseconds === aliveEveryMs && signal !== undefined) return aborted(signal);
        nowMs += milliseconds;
        await setImmediate();
      },
    };
    const lookedMs: number[] = [];
    const jobs = {
      take: async () => {
        lookedMs.push(nowMs);
        if (nowMs >= 3000) stop.abort();
        return nowMs === 1000 ? [turn] : [];
      },
    } as unknown as Jobs; // a queue that nothing happens to asks for no more
    const queue = createQueue({
      name: 'poll',
      jobs,
      clock,
      limit: 2,
      hasSeveralGroups: () => false,
      handle: (_turn, signal) => aborted(signal),
      troubles: { tell: (error) => expect.unreachable(String(error)), answered: () => undefined },
      lookEveryMs: 500,
    });
    await queue.run(stop.signal);
    const soon = Array.from({ length: 9 }, (_each, index) => 1100 + index * 100);
    expect(lookedMs).toEqual([0, 500, 1000, ...soon, 2000, 2500, 3000]);
  });
});
