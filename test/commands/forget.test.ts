import { describe, expect, it } from 'vitest';
import { addEvents, groupEach, operateState } from './operated-state.ts';

describe('sagecfg state forget', () => {
  it('takes a tenant out of the status, and leaves the others', async () => {
    await using state = await operateState();
    await addEvents(state.store, {}, {});
    expect(await state.command(['state', 'forget', 'beta', '--dry-run'])).toEqual({
      exitCode: 0,
      stdout: 'would forget beta: 1 poll, the versions of 0 objects, 0 events (0 undelivered)\n',
      stderr: '',
    });
    const inUse = await state.command(['state', 'forget', 'beta']);
    expect(inUse).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is in use by process') });
    await state.stop();
    expect(await state.command(['state', 'forget', 'beta'])).toMatchObject({
      exitCode: 0,
      stdout: 'forgot beta: 1 poll, the versions of 0 objects, 0 events (0 undelivered)\n',
    });
    const { stdout } = await state.command(['status']);
    expect(stdout).toContain('acme/customers');
    expect(stdout).not.toContain('beta');
  });

  it('refuses while events were not delivered, unless it is told to forget them too', async () => {
    await using state = await operateState();
    await addEvents(state.store, {}, {}, {});
    await groupEach(state.store);
    const attempt = { startedMs: 1, durationMs: 1, status: 410, failure: 'gone', answer: undefined };
    await state.store.outbox.markDead('n-e1', { attempt, nowMs: 2000 });
    await state.stop();
    expect(await state.command(['state', 'forget', 'acme'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        "sagecfg: 'acme' still has 2 events to deliver and 1 event that was given up: deliver them, or forget them too with --undelivered\n",
    });
    expect(await state.command(['state', 'forget', 'acme', '--undelivered'])).toMatchObject({
      exitCode: 0,
      stdout: 'forgot acme: 2 polls, the versions of 0 objects, 3 events (3 undelivered)\n',
    });
    expect((await state.command(['status'])).stdout).not.toContain('acme');
  });

  it('says whom it does not know, and asks whom', async () => {
    await using state = await operateState();
    expect(await state.command(['state', 'forget', 'acmee'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('did you mean "acme"?'),
    });
    expect(await state.command(['state', 'forget'])).toMatchObject({
      exitCode: 2,
      stderr: 'sagecfg: forget whom? sagecfg state forget INSTANCE\n',
    });
  });
});
