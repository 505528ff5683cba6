import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRequestBudget } from '../../src/sage/request-budget.ts';
import type { BudgetLimits, RequestMemory, Reservation } from '../../src/sage/request-budget.ts';
import { createVirtualClock } from '../runtime/virtual-clock.ts';

const wide: BudgetLimits = { appPerSecond: 1000, appInFlight: 1000, businessPerMinute: undefined };

/** Lets everything run that does not wait for a place. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('createRequestBudget', () => {
  it('lets no second have more requests than the app may make, wherever it starts', async () => {
    const clock = createVirtualClock();
    const budget = createRequestBudget({ ...wide, appPerSecond: 15 }, clock);
    const times: number[] = [];
    for (let index = 0; index < 100; index += 1) {
      (await budget.enter({ app: 'a', business: String(index) }))?.();
      times.push(clock.now());
    }
    const mostInASecond = times.map(
      (start) => times.filter((time) => time >= start && time < start + 1000).length,
    );
    expect(Math.max(...mostInASecond)).toBe(15);
  });

  it('counts each business by itself, over a minute', async () => {
    const clock = createVirtualClock();
    const budget = createRequestBudget({ ...wide, businessPerMinute: 3 }, clock);
    const startMs = clock.now();
    for (const business of ['x', 'x', 'x', 'y', 'y', 'y']) (await budget.enter({ app: 'a', business }))?.();
    expect(clock.now()).toBe(startMs);
    (await budget.enter({ app: 'a', business: 'x' }))?.();
    expect(clock.now()).toBeGreaterThanOrEqual(startMs + 60_000);
  });

  it('holds back what would be one too many in flight, until one is over', async () => {
    const budget = createRequestBudget({ ...wide, appInFlight: 2 }, createVirtualClock());
    const request = { app: 'a', business: 'b' };
    const [first] = [await budget.enter(request), await budget.enter(request)];
    let hasEntered = false;
    const third = budget.enter(request).then((leave) => {
      hasEntered = true;
      return leave;
    });
    await settle();
    expect(hasEntered).toBe(false);
    first?.();
    expect(await third).toBeTypeOf('function');
  });

  it('gives up when the signal aborts, and leaves its place to others', async () => {
    const clock = createVirtualClock();
    const budget = createRequestBudget({ ...wide, appPerSecond: 1, appInFlight: 1 }, clock);
    (await budget.enter({ app: 'a', business: 'b' }))?.();
    expect(await budget.enter({ app: 'a', business: 'b' }, AbortSignal.abort())).toBeUndefined();
    expect(await budget.enter({ app: 'a', business: 'b' })).toBeTypeOf('function');
  });
});

/** A memory that outlives the budgets, as a state file does. */
function createMemory(): RequestMemory & { readonly kept: Reservation[] } {
  const kept: Reservation[] = [];
  return {
    kept,
    recall: ({ app, business }) =>
      kept.filter((each) => each.app === app && (business === undefined || each.business === business)),
    reserve: (reservation, forgetBeforeMs) => {
      const old = kept.filter(
        ({ business, untilMs }) => business === reservation.business && untilMs < forgetBeforeMs,
      );
      for (const each of old) kept.splice(kept.indexOf(each), 1);
      kept.push(reservation);
    },
  };
}

describe('a budget with a memory', () => {
  it('keeps to its limits over any number of restarts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ requests: fc.integer({ min: 0, max: 30 }), pauseMs: fc.nat(3000) }), {
          minLength: 1,
          maxLength: 12,
        }),
        async (lives) => {
          const clock = createVirtualClock();
          const memory = createMemory();
          const limits = { appPerSecond: 15, appInFlight: 9, businessPerMinute: 40 };
          const times: { readonly atMs: number; readonly business: string }[] = [];
          for (const { requests, pauseMs } of lives) {
            const budget = createRequestBudget(limits, clock, memory);
            for (let index = 0; index < requests; index += 1) {
              const business = `b${index % 3}`;
              (await budget.enter({ app: 'a', business }))?.();
              times.push({ atMs: clock.now(), business });
            }
            clock.advance(pauseMs);
          }
          const within = (periodMs: number, among: typeof times): number =>
            Math.max(
              0,
              ...among.map(
                ({ atMs }) => among.filter((each) => each.atMs >= atMs && each.atMs < atMs + periodMs).length,
              ),
            );
          expect(within(1000, times)).toBeLessThanOrEqual(15);
          for (const one of ['b0', 'b1', 'b2'])
            expect(
              within(
                60_000,
                times.filter(({ business }) => business === one),
              ),
            ).toBeLessThanOrEqual(40);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('writes seldom, forgets what counts no more, and waits for no clock that was set back', async () => {
    const clock = createVirtualClock();
    const memory = createMemory();
    const limits = { ...wide, businessPerMinute: 100 };
    const first = createRequestBudget(limits, clock, memory);
    const request = { app: 'a', business: 'b' };
    for (let index = 0; index < 30; index += 1) (await first.enter(request))?.();
    expect(memory.kept).toHaveLength(10);
    clock.advance(-3_600_000);
    const startMs = clock.now();
    (await createRequestBudget(limits, clock, memory).enter(request))?.();
    expect(clock.now() - startMs).toBeLessThan(65_000);
    clock.advance(2 * 3_600_000);
    (await createRequestBudget(limits, clock, memory).enter(request))?.();
    expect(memory.kept).toHaveLength(1);
  });

  it('lets nothing leave that could not be written down, and goes on when it can', async () => {
    const clock = createVirtualClock();
    const { kept, ...memory } = createMemory();
    let isFull = true;
    const reserve: RequestMemory['reserve'] = (reservation, forgetBeforeMs) => {
      if (isFull) throw new Error('the disk is full');
      memory.reserve(reservation, forgetBeforeMs);
    };
    const budget = createRequestBudget({ ...wide, appInFlight: 1 }, clock, { ...memory, reserve });
    const request = { app: 'a', business: 'b' };
    await expect(budget.enter(request)).rejects.toThrow('the disk is full');
    isFull = false;
    expect(await budget.enter(request)).toBeTypeOf('function');
    expect(kept).toHaveLength(1);
  });
});
