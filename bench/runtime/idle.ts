import { setTimeout as wait } from 'node:timers/promises';
import { instancesFor, openWorkplace, planOf, settlePolls } from './prepare.ts';

const resources = ['customers', 'vendors', 'products', 'invoices', 'payments'];

/** Share of a core that 5,000 polls take while none of them is due: 1,000 instances, five resources each. */
export async function measureIdle(seconds: number): Promise<number> {
  await using workplace = await openWorkplace();
  const instances = instancesFor(1000, { callbackUrl: 'http://127.0.0.1:9/', resources });
  await workplace.fill((store) => settlePolls(store, instances.map(planOf)));
  await using runtime = await workplace.openRuntime(instances, { report: () => undefined });
  const stop = new AbortController();
  const running = runtime.run(stop.signal);
  // What it does at its start is not what it does when idle.
  await wait(5000);
  const before = process.cpuUsage();
  await wait(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  stop.abort();
  await running;
  return (user + system) / 1e6 / seconds;
}
