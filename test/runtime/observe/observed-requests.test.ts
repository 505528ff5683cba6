import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readObservedRequests } from '../../../src/runtime/observe/observed-requests.ts';
import { openBeside } from '../../../src/runtime/open-storage.ts';
import { lintText } from '../../../src/lint/lint-text.ts';
import { startSimulatedRuntime } from '../simulated-runtime.ts';

it('knows what the latest polls took, and nothing of the first one, which may have read years', async () => {
  await using scene = await startSimulatedRuntime({
    simulator: { initialObjects: 60 },
    runtime: { baseline: { kind: 'snapshot' } },
    edit: (text) => text.replaceAll('idField: id', 'idField: id\n      pageSize: 5'),
  });
  const instances = scene.simulator.tenants.flatMap(
    ({ name }) => lintText(scene.simulator.instanceFile(name)).instances,
  );
  const read = async (): Promise<readonly (number | undefined)[]> => {
    const address = { kind: 'sqlite', file: join(scene.folder, 'state.db') } as const;
    const references = { environment: {}, workingDirectory: scene.folder };
    await using store = await openBeside(address, { references, readOnly: true });
    if (store === undefined) return [];
    const observed = await readObservedRequests(store);
    return instances.flatMap((instance) =>
      (instance.poller?.entries ?? []).map((entry) => observed(instance, entry)),
    );
  };
  await scene.poll();
  expect(await read()).toEqual([undefined, undefined, undefined]);
  scene.simulator.changes.make(60);
  scene.clock.advance(600_000);
  await scene.poll();
  const busy = await read();
  for (const requests of busy) expect(requests).toBeGreaterThan(2);
  scene.clock.advance(600_000);
  await scene.poll();
  const quieter = await read();
  expect(quieter.every((requests, index) => (requests ?? 0) < (busy[index] ?? 0))).toBe(true);
});
