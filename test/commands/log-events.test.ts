import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { levelOf, logEvents } from '../../src/commands/shared/log-events.ts';
import { noCounts } from '../../src/runtime/poll/poll-counts.ts';
import type { RuntimeEvent } from '../../src/runtime/report.ts';

const page = resolve(import.meta.dirname, '../../docs/running.md');

/** As docs/running.md has it. */
function tableOfEvents(): string {
  const rows = Object.entries(logEvents).map(
    ([kind, { level, means, todo }]) => `| \`${kind}\` | ${level} | ${means} | ${todo} |`,
  );
  return ['| `kind` | `level` | what it means | what to do |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

it('explains every kind of line in docs/running.md; where it does not: the table is this', async () => {
  expect(await readFile(page, 'utf8')).toContain(`<!-- log events -->\n\n${tableOfEvents()}\n\n<!-- end -->`);
});

describe('levelOf', () => {
  const finished: RuntimeEvent = {
    kind: 'poll-finished',
    instance: 'acme',
    resource: 'customers',
    counts: noCounts,
    durationMs: 1,
    nextDueMs: 2,
    watermarkMoved: true,
  };
  const failed: RuntimeEvent = {
    kind: 'poll-failed',
    instance: 'acme',
    resource: 'customers',
    reason: 'no',
    failures: 1,
    retryAtMs: 1,
    isPaused: false,
  };

  const quota: RuntimeEvent = {
    kind: 'quota',
    instances: 2,
    requestsADay: 100,
    allowedADay: 1000,
    arithmetic: '1 list, every minute',
    busiest: { instance: 'acme', requestsAMinute: 5, allowedAMinute: 100 },
  };

  it.each<[string, RuntimeEvent, string]>([
    ['a quota that is enough', quota, 'info'],
    ['a quota of an app that is not', { ...quota, requestsADay: 1001 }, 'warn'],
    [
      'a quota of a business that is not',
      { ...quota, busiest: { ...quota.busiest, requestsAMinute: 101 } },
      'warn',
    ],
    ['a poll that found nothing', finished, 'debug'],
    [
      'a poll that found something',
      { ...finished, counts: { ...noCounts, events: { CREATED: 1, UPDATED: 0, DELETED: 0 } } },
      'info',
    ],
    ['a poll whose watermark stays', { ...finished, watermarkMoved: false }, 'info'],
    ['a poll that failed', failed, 'warn'],
    ['a poll that is paused', { ...failed, isPaused: true }, 'error'],
  ])('says how much %s matters', (_case, event, level) => {
    expect(levelOf(event)).toBe(level);
  });
});
