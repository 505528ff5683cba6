import { describe, expect, it } from 'vitest';
import { createEmbeddedEngine } from '../../../src/runtime/adapters/engine/embedded.ts';
import type { EngineWork } from '../../../src/runtime/ports/engine.ts';
import { noBackfill } from '../no-backfill.ts';
import { createVirtualClock } from '../virtual-clock.ts';

const keys = ['a/1', 'a/2', 'b/1'];
const polls = keys.map((key) => ({
  key,
  instanceId: key.slice(0, 1),
  intervalMs: 10_000,
  app: 'app',
  requests: 1,
}));

interface Scene {
  readonly work: EngineWork;
  /** `start` and `end` of each poll with its key, in order. */
  readonly log: string[];
  readonly runAtMs: Map<string, number[]>;
}

/** Polls that are due every ten seconds, and end one turn of the event loop after they began. */
function createScene(now: () => number, afterPoll: (scene: Scene) => void = () => undefined): Scene {
  const runAtMs = new Map<string, number[]>();
  const log: string[] = [];
  const work: EngineWork = {
    polls: () => polls,
    poll: () => undefined,
    instances: () => ['a', 'b'],
    hasInstance: () => true,
    deliver: async () => undefined,
    backfill: noBackfill,
    nextRunMs: async (key) => (runAtMs.get(key)?.at(-1) ?? now() - 10_000) + 10_000,
    runPoll: async (key) => {
      log.push(`start ${key}`);
      runAtMs.set(key, [...(runAtMs.get(key) ?? []), now()]);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`end ${key}`);
      afterPoll(scene);
    },
  };
  const scene: Scene = { work, log, runAtMs };
  return scene;
}

describe('createEmbeddedEngine', () => {
  it('runs the polls of an instance one after another, and instances side by side', async () => {
    const clock = createVirtualClock();
    const { work, log } = createScene(clock.now);
    await createEmbeddedEngine(clock).runOnce(work, new AbortController().signal);
    expect(log.slice(0, 2)).toEqual(['start a/1', 'start b/1']);
    expect(log.indexOf('end a/1')).toBeLessThan(log.indexOf('start a/2'));
    expect(log).toHaveLength(6);
  });

  it('runs each poll when it is due, until it is stopped, and then waits for what runs', async () => {
    const clock = createVirtualClock();
    const stop = new AbortController();
    const { work, log, runAtMs } = createScene(clock.now, ({ log: soFar }) => {
      if (soFar.length >= 30) stop.abort();
    });
    await createEmbeddedEngine(clock).run(work, stop.signal);
    for (const times of runAtMs.values()) {
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
    }
    expect(log.filter((line) => line.startsWith('start'))).toHaveLength(log.length / 2);
  });

  it('leaves out what is paused', async () => {
    const clock = createVirtualClock();
    const { work, log } = createScene(clock.now);
    const paused = { ...work, nextRunMs: async (key: string) => (key === 'a/1' ? undefined : 0) };
    await createEmbeddedEngine(clock).runOnce(paused, new AbortController().signal);
    expect(log).not.toContain('start a/1');
    expect(log).toContain('end a/2');
  });

  it('stops everything and fails when a poll throws', async () => {
    const clock = createVirtualClock();
    const { work } = createScene(clock.now);
    const broken = {
      ...work,
      runPoll: async (key: string): Promise<void> => {
        if (key === 'b/1') throw new Error('the disk is full');
      },
    };
    await expect(createEmbeddedEngine(clock).run(broken, new AbortController().signal)).rejects.toThrow(
      'the disk is full',
    );
  });

  it('starts polls that come and stops those that go, which end before anything else is done', async () => {
    const clock = createVirtualClock();
    const stop = new AbortController();
    const begun = Promise.withResolvers<void>();
    const log: string[] = [];
    let present = polls.filter(({ instanceId }) => instanceId === 'a');
    const work: EngineWork = {
      polls: () => present,
      poll: () => undefined,
      instances: () => ['a', 'b'],
      hasInstance: () => true,
      deliver: async () => undefined,
      backfill: noBackfill,
      nextRunMs: async () => clock.now(),
      runPoll: async (key, signal) => {
        log.push(`start ${key}`);
        begun.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        log.push(`end ${key}`);
      },
    };
    const engine = createEmbeddedEngine(clock);
    const running = engine.run(work, stop.signal);
    await begun.promise;
    present = polls.filter(({ instanceId }) => instanceId === 'b');
    await engine.adjust();
    expect(log.slice(0, 2)).toEqual(['start a/1', 'end a/1']);
    await expect.poll(() => log).toEqual(['start a/1', 'end a/1', 'start b/1']);
    stop.abort();
    await running;
    expect(log.at(-1)).toBe('end b/1');
  });
});
