import { describe, expect, it } from 'vitest';
import { findHindrances } from '../../../src/runtime/observe/health.ts';
import { startSimulatedRuntime } from '../simulated-runtime.ts';
import type { SimulatedRuntime } from '../simulated-runtime.ts';

const health = { port: 0, host: '127.0.0.1' };

async function pageOf(
  scene: SimulatedRuntime,
  path: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const served = scene.reports.find((event) => event.kind === 'health-served');
  const response = await fetch(`${served?.url}${path}`);
  return { status: response.status, text: await response.text() };
}

function valueOf(metrics: string, series: string): number | undefined {
  const line = metrics.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('the health pages', () => {
  it('say that it lives and is ready', async () => {
    await using scene = await startSimulatedRuntime({ runtime: { health } });
    expect(await pageOf(scene, '/livez')).toEqual({ status: 200, text: 'ok\n' });
    expect(await pageOf(scene, '/readyz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await pageOf(scene, '/')).toMatchObject({ status: 404 });
  });

  it('say why it is not ready: a poll that is long due', async () => {
    await using scene = await startSimulatedRuntime({ runtime: { health } });
    await scene.poll();
    scene.clock.advance(20 * 60_000);
    const { status, text } = await pageOf(scene, '/readyz');
    expect(status).toBe(503);
    expect(text).toMatch(/^a poll has been due for 1\d minutes\n$/);
  });

  it('say why it is not ready: a state that cannot be written', async () => {
    const probe = (): Promise<void> => Promise.reject(new Error('the disk is full'));
    const monitor = { read: () => Promise.reject(new Error('not asked')), [Symbol.dispose]: () => undefined };
    expect(await findHindrances(monitor, { probe })).toEqual([
      'the state cannot be written: the disk is full',
    ]);
  });

  it('count what was polled, delivered and asked of Sage', async () => {
    await using scene = await startSimulatedRuntime({ runtime: { health } });
    await scene.poll();
    scene.simulator.changes.make(12);
    scene.simulator.faults.add({ kind: 'rate-limit' });
    await scene.settle();
    const { text } = await pageOf(scene, '/metrics');
    const polls = valueOf(text, 'sagecfg_polls_total{resource="customers",outcome="finished"}');
    expect(polls).toBeGreaterThanOrEqual(2);
    expect(valueOf(text, 'sagecfg_source_requests_total{status="429"}')).toBe(1);
    expect(valueOf(text, 'sagecfg_token_refreshes_total{outcome="refreshed"}')).toBeGreaterThanOrEqual(1);
    const changes = scene.simulator.report().comparison.delivered;
    const counted = [...text.matchAll(/^sagecfg_events_total\{.*\} (\d+)$/gm)].map(([, count]) =>
      Number(count),
    );
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(changes);
    expect(valueOf(text, 'sagecfg_outbox_events')).toBe(0);
    expect(valueOf(text, 'sagecfg_grants{state="good"}')).toBe(1);
    expect(valueOf(text, 'sagecfg_poll_keys{resource="products",state="all"}')).toBe(1);
    expect(valueOf(text, 'sagecfg_watermark_age_seconds{resource="products"}')).toBeGreaterThan(0);
    expect(valueOf(text, 'sagecfg_budget_app_requests_per_second')).toBe(15);
    expect(text).toContain('sagecfg_delivery_seconds_bucket{le="0.01",outcome="accepted"}');
  });

  it('warn of a grant that ends for want of use, in log and metrics', async () => {
    await using scene = await startSimulatedRuntime({ runtime: { health } });
    await scene.poll();
    scene.clock.advance(25 * 24 * 3_600_000);
    await scene.restart();
    await expect
      .poll(() => scene.reports.filter(({ kind }) => kind === 'grant-idle'))
      .toEqual([{ kind: 'grant-idle', instance: 'north', endsMs: expect.any(Number) }]);
    const urls = scene.reports.filter((event) => event.kind === 'health-served');
    const metrics = await (await fetch(`${urls.at(-1)?.url}/metrics`)).text();
    expect(valueOf(metrics, 'sagecfg_grants{state="idle"}')).toBe(1);
  });

  it('refuse a port that is taken, and say what to do', async () => {
    await using scene = await startSimulatedRuntime({ runtime: { health } });
    const served = scene.reports.find((event) => event.kind === 'health-served');
    const port = Number(new URL(served?.url ?? '').port);
    await expect(startSimulatedRuntime({ runtime: { health: { ...health, port } } })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port} for --health-port: EADDRINUSE`,
    );
  });
});
