import { describe, expect, it } from 'vitest';
import { addEvents, failed, groupEach, operateState } from './operated-state.ts';
import type { OperatedState } from './operated-state.ts';

/** One event delivered, one given up, one waiting for its second attempt, one just found. */
async function openEvents(): Promise<OperatedState> {
  const state = await operateState();
  await addEvents(state.store, {}, { type: 'DELETED' }, { pollDateMs: Date.UTC(2026, 10, 23, 12) });
  await groupEach(state.store);
  const { outbox } = state.store;
  const accepted = { ...failed, status: 200, failure: undefined, answer: undefined };
  await outbox.markDelivered([{ id: 'n-e1', attempt: accepted }], 2000);
  await outbox.markDead('n-e2', { attempt: failed, nowMs: 2000 });
  await outbox.markFailed('n-e3', { attempt: failed, nextAttemptMs: Date.UTC(2100, 0, 1), nowMs: 2000 });
  return state;
}

describe('sagecfg events list', () => {
  it('shows events newest first, and how they stand', async () => {
    await using state = await openEvents();
    const { exitCode, stdout } = await state.command(['events', 'list']);
    expect(exitCode).toBe(0);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toMatch(/^found +event +poll +type +object +state$/);
    expect(rows).toEqual([
      expect.stringMatching(
        /e3 +acme\/customers +UPDATED +o3 +waits, attempt 1 failed: the receiver answered 503; next in \d+ d$/,
      ),
      expect.stringMatching(
        /e2 +acme\/customers +DELETED +o2 +given up after 1 attempt: the receiver answered 503$/,
      ),
      expect.stringMatching(/e1 +acme\/customers +UPDATED +o1 +delivered \d+ d ago$/),
    ]);
  });

  it('filters, and goes on where a list ended', async () => {
    await using state = await openEvents();
    const ids = async (...flags: readonly string[]): Promise<unknown> => {
      const { stdout } = await state.command(['events', 'list', '-f', 'json', ...flags]);
      const { events, next } = JSON.parse(stdout) as { events: { id: string }[]; next: number | null }; // our own output
      return [events.map(({ id }) => id), next];
    };
    expect(await ids('--event-state', 'dead')).toEqual([['e2'], null]);
    expect(await ids('--since', '2026-11-23T10:00:00Z')).toEqual([['e3'], null]);
    expect(await ids('--until', '2026-11-23T10:00:00Z', '--type', 'UPDATED')).toEqual([['e1'], null]);
    expect(await ids('--object', 'o3', '--instance', 'acme', '--resource', 'customers')).toEqual([
      ['e3'],
      null,
    ]);
    expect(await ids('--limit', '2')).toEqual([['e3', 'e2'], 2]);
    expect(await ids('--before', '2')).toEqual([['e1'], null]);
    expect((await state.command(['events', 'list', '--resource', 'invoices'])).stdout).toBe(
      'no such event\n',
    );
  });

  it.each([
    [['events'], 'sagecfg events what? Expected one of list, show, replay'],
    [['events', 'lst'], 'did you mean sagecfg events list?'],
    [['events', 'list', '--event-state', 'daed'], 'did you mean "dead"?'],
    [['events', 'list', '--since', 'yesterday'], '--since "yesterday": expected a date'],
    [['events', 'list', '--since', '2026-11-23', '--until', '2026-11-22'], 'is not after --since'],
    [['events', 'show'], 'which event?'],
    [['events', 'replay'], 'which events? Name ids, or a filter'],
    [['events', 'replay', '--event-state', 'pending'], 'pending events are on their way'],
  ])('refuses %j', async (commandLine, message) => {
    await using state = await operateState();
    const { exitCode, stderr } = await state.command(commandLine);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('sagecfg events show', () => {
  it('says why, shows the attempts, and masks the texts of the record', async () => {
    await using state = await openEvents();
    const { stdout } = await state.command(['events', 'show', 'e2']);
    expect(stdout).toMatch(/^event +e2\npoll +acme\/customers, 2026-11-23T09:31:00\.000Z\n/);
    expect(stdout).toContain('DELETED: updated after it was created\n');
    expect(stdout).toMatch(
      /\nattempts\n {2}2026-11-23T10:00:00\.000Z +503 +12 ms +n-e2 +the receiver answered 503\n/,
    );
    // What a terminal would obey is not printed.
    expect(stdout).toContain('latest answer\n  down\uFFFD[2J for maintenance\n');
    expect(stdout).toContain('"name": "…8 characters"');
    expect(stdout).toContain('"updated_at": "2026-11-23T09:30:00Z"');
    expect((await state.command(['events', 'show', 'e2', '--full'])).stdout).toContain('"name": "Jane Doe"');
  });

  it('takes an id that begins with a dash for an id', async () => {
    await using state = await operateState();
    for (const id of ['-bcdefghijklmnopqrst', '--cdefghijklmnopqr_t']) {
      await addEvents(state.store, { id });
      const { exitCode, stdout } = await state.command(['events', 'show', id]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(id);
    }
    const { stderr } = await state.command(['events', 'show', '--formatt']);
    expect(stderr).toContain('unknown option --formatt');
  });

  it('gives programs the same', async () => {
    await using state = await openEvents();
    const { stdout } = await state.command(['events', 'show', 'e3', '-f', 'json']);
    expect(JSON.parse(stdout)).toEqual({
      formatVersion: '1.0',
      id: 'e3',
      sequence: 3,
      instance: 'acme',
      resource: 'customers',
      object: 'o3',
      type: 'UPDATED',
      reason: 'updated after it was created',
      date: '2026-11-23T09:30:00.000Z',
      pollDate: '2026-11-23T12:00:00.000Z',
      state: 'pending',
      settled: null,
      replays: 0,
      notification: 'n-e3',
      failure: 'the receiver answered 503',
      nextAttempt: '2100-01-01T00:00:00.000Z',
      attempts: [
        {
          notification: 'n-e3',
          started: '2026-11-23T10:00:00.000Z',
          milliseconds: 12,
          status: 503,
          failure: 'the receiver answered 503',
          answer: failed.answer,
        },
      ],
      record: { id: 'o1', name: '…8 characters', updated_at: '2026-11-23T09:30:00Z', total: 12.5 },
    });
    const { exitCode, stderr } = await state.command(['events', 'show', 'e9']);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('there is no event "e9"')]);
  });
});

describe('sagecfg events replay', () => {
  it('has what was given up delivered anew, beside the process that has the state', async () => {
    await using state = await openEvents();
    const { exitCode, stdout } = await state.command(['events', 'replay', '--event-state', 'dead']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1 event waits to be delivered anew');
    const event = await state.store.outbox.readEvent('e2');
    expect(event).toMatchObject({ state: 'pending', replays: 1, attempts: [{ status: 503 }] });
  });

  it('replays by id, by time, and everything, and says when there is nothing', async () => {
    await using state = await openEvents();
    const replay = (...rest: readonly string[]) => state.command(['events', 'replay', ...rest]);
    expect(await replay('e1', 'e9')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('"e9"') });
    expect((await state.store.outbox.readEvent('e1'))?.state).toBe('delivered');
    expect((await replay('e1')).exitCode).toBe(0);
    expect((await replay('--since', '2026-11-23T11:00:00Z')).exitCode).toBe(1);
    expect((await replay('--all')).stdout).toContain('1 event waits');
    await state.stop();
    expect((await replay('--all')).stdout).toContain('nothing to replay');
  });
});
