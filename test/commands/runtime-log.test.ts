import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createRuntimeLog } from '../../src/commands/shared/runtime-log.ts';
import type { RuntimeLog } from '../../src/commands/shared/runtime-log.ts';
import type { Io } from '../../src/io.ts';
import type { RuntimeHealth } from '../../src/runtime/observe/health.ts';
import type { RuntimeEvent } from '../../src/runtime/report.ts';

const never = { [Symbol.dispose]: () => undefined };
const now = new Date('2026-11-23T09:30:00Z');
type Flags = Partial<Parameters<typeof createRuntimeLog>[0]>;

function openLog(
  flags: Flags,
  isErrorTerminal: boolean,
): { readonly log: RuntimeLog; readonly output: () => string } {
  const stderr = new PassThrough();
  const io: Io = {
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    stderr,
    environment: {},
    workingDirectory: '/',
    isTerminal: false,
    isErrorTerminal,
    isInteractive: false,
    onInterrupt: () => never,
    onHangUp: () => never,
    columns: 100,
  };
  const all = { 'log-format': undefined, 'log-level': undefined, quiet: undefined, color: 'never', ...flags };
  const log = createRuntimeLog(all, io, () => now);
  return { log, output: () => String(stderr.read() ?? '') };
}

const started: RuntimeEvent = { kind: 'started', instances: 1, polls: 3 };
const delivered: RuntimeEvent = {
  kind: 'notification-delivered',
  instance: 'acme',
  id: 'n1',
  events: 2,
  status: 200,
  attempt: 1,
};
const refused: RuntimeEvent = { kind: 'reload-refused', reason: 'no' };

describe('createRuntimeLog', () => {
  it('writes objects where nobody looks, and sentences on a terminal', () => {
    const file = openLog({}, false);
    file.log.report(started);
    expect(JSON.parse(file.output())).toEqual({
      time: '2026-11-23T09:30:00.000Z',
      level: 'info',
      kind: 'started',
      instances: 1,
      polls: 3,
    });
    const terminal = openLog({}, true);
    terminal.log.report(started);
    expect(terminal.output()).toBe('09:30:00 running 3 polls of 1 instance\n');
  });

  it.each<[string, Flags, readonly string[]]>([
    ['what matters', {}, ['started', 'reload-refused']],
    [
      'everything when asked',
      { 'log-level': 'debug' },
      ['started', 'notification-delivered', 'reload-refused'],
    ],
    ['only warnings and errors when quiet', { quiet: true }, ['reload-refused']],
  ])('tells %s', (_case, flags, kinds) => {
    const { log, output } = openLog({ 'log-format': 'json', ...flags }, true);
    for (const event of [started, delivered, refused]) log.report(event);
    const lines = output().trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as RuntimeEvent).kind)).toEqual(kinds);
  });

  it('keeps a line on how it stands below the others, and takes it away in the end', async () => {
    const { log, output } = openLog({}, true);
    const resource = { resource: 'customers', polls: 3, failing: 1, paused: 0, oldestWatermarkMs: undefined };
    const health = {
      instances: 1,
      resources: [{ ...resource, firstDueMs: now.getTime() + 4000 }],
      outbox: { pendingEvents: 7, pendingNotifications: 1, deadNotifications: 2 },
      backfill: { done: 1, total: 3 },
    } as unknown as RuntimeHealth; // all that the line shows
    const line =
      '1 instance, 3 polls: 1 failing, next in 4 s · 7 events waiting, 2 notifications given up · backfill 1 of 3 resources';
    const status = log.keepStatus(async () => health);
    await expect.poll(output).toBe(line.slice(0, 99));
    log.report(started);
    const erase = '\r\u001B[2K';
    expect(output()).toBe(`${erase}09:30:00 running 3 polls of 1 instance\n${line.slice(0, 99)}`);
    status[Symbol.dispose]();
    expect(output()).toBe(erase);
  });
});
