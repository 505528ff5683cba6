import { expect, it } from 'vitest';
import { refusalOf } from '../../../../src/runtime/adapters/source/sage-list-request.ts';
import { planPoll } from '../../poll/poll-plan.ts';
import { startSimulatedRuntime } from '../../simulated-runtime.ts';

it('a poll marks no invoice as sent, also where reading one does', async () => {
  await using scene = await startSimulatedRuntime({
    simulator: { polled: ['invoices'], choices: { readingMarksAsSent: 'yes' } },
    runtime: { baseline: { kind: 'since', fromMs: 0 } },
  });
  await scene.poll();
  expect(scene.simulator.ledger.length).toBeGreaterThan(0);
  expect(scene.simulator.truth.some(({ record }) => record['sent'] === true)).toBe(false);
});

it('a URL that would is refused', () => {
  const url =
    "/hubs/finance/invoices?where=lastModifiedDate>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and mark_as_sent='true'";
  expect(refusalOf(planPoll({ url }))).toContain('has no filter "mark_as_sent"');
});
