import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../src/runtime/adapters/store/postgres-database.ts';
import { migrateDatabase } from '../../../../src/runtime/adapters/store/postgres-migrate.ts';
import { createSharedBudget } from '../../../../src/runtime/adapters/store/postgres-budget.ts';
import { systemClock } from '../../../../src/sage/clock.ts';
import type { BudgetLimits, RequestBudget } from '../../../../src/sage/request-budget.ts';
import { startPostgres } from '../../../postgres-server.ts';
import type { PostgresServer } from '../../../postgres-server.ts';

const limits: BudgetLimits = { appPerSecond: 20, appInFlight: 150, businessPerMinute: undefined };
let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server[Symbol.asyncDispose]());

interface Workers extends AsyncDisposable {
  /** One in each process, as it were. */
  readonly budgets: readonly RequestBudget[];
}

async function openWorkers(count: number, differences: Partial<BudgetLimits> = {}): Promise<Workers> {
  const address = await server.createDatabase();
  await using opened = new AsyncDisposableStack();
  const databases = Array.from({ length: count }, () =>
    opened.use(openDatabase(address, { connections: 2 })),
  );
  for (const database of databases.slice(0, 1)) await migrateDatabase(database);
  const owned = opened.move();
  return {
    budgets: databases.map((database) =>
      createSharedBudget(database, { ...limits, ...differences }, systemClock),
    ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function mostWithin(periodMs: number, times: readonly number[]): number {
  const sorted = times.toSorted((left, right) => left - right);
  return Math.max(
    ...sorted.map((start) => sorted.filter((time) => time >= start && time < start + periodMs).length),
  );
}

describe('createSharedBudget', () => {
  it('lets no more through in any second than one app may send, over all workers', async () => {
    await using workers = await openWorkers(4);
    const times: number[] = [];
    const send = async (budget: RequestBudget): Promise<void> => {
      const leave = await budget.enter({ app: 'app', business: 'b' });
      times.push(performance.now());
      leave?.();
    };
    await Promise.all(workers.budgets.flatMap((budget) => Array.from({ length: 15 }, () => send(budget))));
    expect(times).toHaveLength(60);
    expect(mostWithin(1000, times)).toBeLessThanOrEqual(20);
  });

  it('lets no more be under way than one app may have, and hands each place on', async () => {
    await using workers = await openWorkers(3, { appPerSecond: 1000, appInFlight: 4 });
    let inside = 0;
    let most = 0;
    const send = async (budget: RequestBudget): Promise<void> => {
      const leave = await budget.enter({ app: 'app', business: 'b' });
      inside += 1;
      most = Math.max(most, inside);
      await systemClock.sleep(5);
      inside -= 1;
      leave?.();
    };
    await Promise.all(workers.budgets.flatMap((budget) => Array.from({ length: 6 }, () => send(budget))));
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(1);
  });

  it('counts a request from its answer, which may come late on a busy machine', async () => {
    await using workers = await openWorkers(2, { appPerSecond: 2 });
    const [one, other] = workers.budgets;
    const enter = (budget: RequestBudget | undefined) => budget?.enter({ app: 'app', business: 'b' });
    const leaves = [await enter(one), await enter(other)];
    await systemClock.sleep(300);
    const answeredMs = performance.now();
    for (const leave of leaves) leave?.();
    await enter(other);
    expect(performance.now() - answeredMs).toBeGreaterThan(1000);
  });

  it('counts each app and each business on its own', async () => {
    await using workers = await openWorkers(1, { appPerSecond: 1000, businessPerMinute: 2 });
    const [budget] = workers.budgets;
    const waiting = new AbortController();
    const enter = (app: string, business: string) => budget?.enter({ app, business }, waiting.signal);
    for (const [app, business] of [
      ['a', '1'],
      ['a', '1'],
      ['a', '2'],
      ['b', '1'],
    ] as const) {
      expect(await enter(app, business)).toBeTypeOf('function');
    }
    const third = enter('a', '1');
    waiting.abort();
    expect(await third).toBeUndefined();
  });

  it('fails when the database does, instead of waiting', async () => {
    await using database = openDatabase(await server.createDatabase(), { connections: 1 });
    const budget = createSharedBudget(database, limits, systemClock);
    await expect(budget.enter({ app: 'a', business: 'b' })).rejects.toThrow('does not exist');
  });
});
