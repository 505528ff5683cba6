import { describe, expect, it } from 'vitest';
import { createRequestBudget } from '../../src/sage/request-budget.ts';
import type { BudgetLimits } from '../../src/sage/request-budget.ts';
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
