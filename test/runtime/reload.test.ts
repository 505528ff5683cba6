import { describe, expect, it } from 'vitest';
import { lintText } from '../../src/lint/lint-text.ts';
import type { Instance } from '../../src/model/model.ts';
import { startSimulatedRuntime } from './simulated-runtime.ts';
import type { SimulatedRuntime } from './simulated-runtime.ts';

const tenants = [{ name: 'north' }, { name: 'south' }];

function instancesOf(
  { simulator }: SimulatedRuntime,
  edit: (text: string, name: string) => string | undefined,
): readonly Instance[] {
  return simulator.tenants.flatMap(({ name }) => {
    const text = edit(simulator.instanceFile(name), name);
    return text === undefined ? [] : lintText(text).instances;
  });
}

describe('a reload', () => {
  it('adds and removes instances, which keep their watermarks while they are away', async () => {
    await using scene = await startSimulatedRuntime({ simulator: { tenants } });
    await scene.settle();
    const all = instancesOf(scene, (text) => text);
    const without = await scene.reload(all.filter(({ name }) => name?.value !== 'south'));
    expect(without).toEqual({ added: [], removed: ['south'], changed: [], renamed: [] });

    scene.simulator.changes.make(40);
    scene.clock.advance(600_000);
    await scene.poll();
    const polled = scene.reports
      .slice(-3)
      .map((event) => ('instance' in event ? event.instance : event.kind));
    expect(new Set(polled)).toEqual(new Set(['north']));

    expect(await scene.reload(all)).toMatchObject({ added: ['south'] });
    await scene.settle();
    expect(scene.simulator.report().comparison).toMatchObject({ lost: 0, outOfOrder: 0 });
  });

  it('takes over an interval and a resource that was taken out and put back, and loses nothing', async () => {
    await using scene = await startSimulatedRuntime();
    await scene.settle();
    const edited = instancesOf(scene, (text) =>
      text.replace(/^ {4}products:\n(?: {6}.*\n)+/m, '').replace(/^name: north$/m, 'name: north'),
    );
    const { changed } = await scene.reload(edited);
    expect(changed[0]?.differences).toContain('products.pageSize is gone');
    scene.simulator.changes.make(30);
    await scene.poll();
    await scene.reload(instancesOf(scene, (text) => text));
    await scene.settle();
    expect(scene.simulator.report().comparison).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
  });

  it('changes nothing when one of the instances cannot be run', async () => {
    await using scene = await startSimulatedRuntime({ simulator: { tenants } });
    await scene.settle();
    const broken = instancesOf(scene, (text, name) =>
      name === 'south'
        ? text.replace(/notification\.callback\.url: .*/, "notification.callback.url: 'http://10.0.0.1/hook'")
        : undefined,
    );
    await expect(scene.reload(broken)).rejects.toThrow(
      "instance 'south': the callback 'http://10.0.0.1' cannot be used",
    );
    scene.simulator.changes.make(20);
    await scene.settle();
    expect(scene.simulator.report().comparison).toMatchObject({ lost: 0, duplicates: 0 });
  });

  it('knows a renamed instance again: its watermarks and its grant go with it', async () => {
    await using scene = await startSimulatedRuntime();
    await scene.settle();
    scene.simulator.changes.make(20);
    const renamed = instancesOf(scene, (text) => text.replace(/^name: .*$/m, 'name: "nord"'));
    expect(await scene.reload(renamed)).toMatchObject({ renamed: [{ from: 'north', to: 'nord' }] });
    await scene.settle();
    const { comparison } = scene.simulator.report();
    expect(comparison).toMatchObject({ lost: 0, outOfOrder: 0 });
    expect(comparison.delivered).toBeGreaterThan(0);
    const back = instancesOf(scene, (text) => text);
    expect(await scene.reload(back)).toMatchObject({ renamed: [{ from: 'nord', to: 'north' }] });
    scene.simulator.changes.make(20);
    await scene.settle();
    expect(scene.simulator.report().comparison).toMatchObject({ lost: 0, outOfOrder: 0 });
    expect(scene.reports.filter(({ kind }) => kind === 'reauthorisation-needed')).toEqual([]);
  });

  it('refuses two instances of one name', async () => {
    await using scene = await startSimulatedRuntime();
    const [north] = instancesOf(scene, (text) => text);
    if (north === undefined) throw new Error('no instance');
    await expect(scene.reload([north, north])).rejects.toThrow("two instances are called 'north'");
  });

  it('keeps what a running poll and a running delivery have done', async () => {
    await using scene = await startSimulatedRuntime({ simulator: { tenants } });
    scene.simulator.changes.make(60);
    const stop = new AbortController();
    const running = scene.run(stop.signal);
    const all = instancesOf(scene, (text) => text);
    for (let round = 0; round < 6; round += 1) {
      await scene.reload(all.slice(0, 1 + (round % 2)));
      scene.simulator.changes.make(10);
    }
    await scene.reload(all);
    stop.abort();
    await running;
    await scene.settle();
    expect(scene.simulator.report().comparison).toMatchObject({ lost: 0, outOfOrder: 0, differentIds: 0 });
  });
});
