import { describe, expect, it } from 'vitest';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { addEvents, endpoint, failed, groupEach, operateState } from './operated-state.ts';

const pause = {
  reason: 'no grant',
  notBeforeMs: 0,
  isPaused: true,
  dropCheckpoints: false,
  pageSize: undefined,
};

describe('sagecfg status', () => {
  it('says that there is no state yet', async () => {
    await using folder = await temporaryFolder();
    const { exitCode, stderr } = await runCommand(['status'], { workingDirectory: folder.path });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('there is no state yet at ');
  });

  it('shows every poll beside the process that has the state, and that nothing needs anybody', async () => {
    await using state = await operateState();
    await addEvents(state.store, {}, {});
    const { exitCode, stdout } = await state.command(['status']);
    expect(stdout).toMatch(/^poll +state +last success +behind +next +waiting +given up\n/);
    expect(stdout).toMatch(/\nacme\/customers +ok +\d+ \w+ ago +\d+ \w+ +in \d+ d +2 for \d+ \w+ +0\n/);
    expect(stdout).toMatch(/\nacme\/invoices +new +- +- +due +0 +0\n/);
    expect(stdout).toMatch(/\nhttps:\/\/receiver\.example\.com\/hook +accepts +\d+ d ago +acme, beta\n/);
    expect(stdout).toMatch(/\nnothing needs you\n$/);
    expect(exitCode).toBe(0);
  });

  it('ends with exit code 1 and says what to do when something needs a person', async () => {
    await using state = await operateState();
    const { store } = state;
    await addEvents(store, {}, {});
    await groupEach(store);
    await store.outbox.markDead('n-e1', { attempt: failed, nowMs: 2000 });
    await store.polls.recordFailure('beta/customers', pause);
    const closed = { endpoint, retryAtMs: undefined, failingSinceMs: 1000 };
    await store.endpoints.write({ ...closed, state: 'disabled', reason: 'it is gone', sinceMs: 2000 });
    const { exitCode, stdout } = await state.command(['status']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nbeta\/customers +paused \(1\) +- +- +- +0 +0\n/);
    expect(stdout).toContain('beta/customers: no grant\n');
    expect(stdout).toContain(`${endpoint}: it is gone\n`);
    expect(stdout).toMatch(
      /\n! 1 poll paused: .*\n! 1 endpoint disabled: .*\n! 1 event given up: sagecfg events list --event-state dead/,
    );
    expect((await state.command(['status', 'acme'])).stdout).not.toContain('beta/customers');
  });

  it('says of a receiver that is left alone when it is tried again', async () => {
    await using state = await operateState();
    const retryAtMs = Date.now() + 600_000;
    await state.store.endpoints.write({
      endpoint,
      state: 'open',
      reason: 'connection refused',
      sinceMs: 1000,
      retryAtMs,
      failingSinceMs: 1000,
    });
    const { exitCode, stdout } = await state.command(['status']);
    expect(stdout).toMatch(/\nhttps:\/\/receiver\.example\.com\/hook +left alone, next try in \d+ min /);
    expect(stdout).toContain(`${endpoint}: connection refused\n`);
    expect(exitCode).toBe(0);
  });

  it('gives programs the same', async () => {
    await using state = await operateState();
    await addEvents(state.store, {});
    await state.store.polls.recordFailure('beta/customers', pause);
    const { stdout } = await state.command(['status', '-f', 'json']);
    expect(JSON.parse(stdout)).toEqual({
      formatVersion: '1.0',
      needs: ['1 poll paused: mend what the reason says, then sagecfg resume'],
      polls: [
        {
          instance: 'acme',
          resource: 'customers',
          state: 'ok',
          failures: 0,
          reason: null,
          lastSuccess: '2026-11-23T09:31:00.000Z',
          watermark: '2026-11-23T09:29:00.000Z',
          due: '2100-01-01T00:00:00.000Z',
          pendingEvents: 1,
          oldestPending: '2026-11-23T09:31:00.000Z',
          deadEvents: 0,
        },
        expect.objectContaining({ instance: 'acme', resource: 'invoices', state: 'new', lastSuccess: null }),
        expect.objectContaining({
          instance: 'beta',
          state: 'paused',
          reason: 'no grant',
          failures: 1,
          due: null,
        }),
      ],
      endpoints: [
        {
          endpoint,
          state: 'closed',
          reason: null,
          since: '1970-01-01T00:00:01.000Z',
          retryAt: null,
          failingSince: null,
          instances: ['acme', 'beta'],
        },
      ],
      grants: [],
    });
  });

  it('knows what was meant by a misspelt instance', async () => {
    await using state = await operateState();
    const { exitCode, stderr } = await state.command(['status', 'amce']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the state has no instance "amce": did you mean "acme"?');
  });
});

describe('sagecfg resume', () => {
  it('resumes what is paused and disabled, beside the process that has the state, which can notice', async () => {
    await using state = await operateState();
    const { store } = state;
    await store.polls.recordFailure('beta/customers', pause);
    const disabled = {
      endpoint,
      state: 'disabled',
      reason: 'gone',
      sinceMs: 1,
      retryAtMs: undefined,
    } as const;
    await store.endpoints.write({ ...disabled, failingSinceMs: 1 });
    const before = await store.interventions();
    const { exitCode, stdout } = await state.command(['resume']);
    expect([exitCode, stdout]).toEqual([0, `resumed beta/customers\nresumed ${endpoint}\n`]);
    expect(await store.polls.read('beta/customers')).toMatchObject({ isPaused: false, failures: 0 });
    expect(await store.endpoints.list()).toMatchObject([{ state: 'closed' }]);
    expect(await store.interventions()).toBeGreaterThan(before);
    expect((await state.command(['resume'])).stdout).toBe('nothing was stopped\n');
  });

  it('resumes one poll only, by its name, and works when nothing runs', async () => {
    await using state = await operateState();
    await state.store.polls.recordFailure('beta/customers', pause);
    await state.store.polls.recordFailure('acme/invoices', pause);
    await state.stop();
    expect((await state.command(['resume', 'acme/invoices'])).stdout).toBe('resumed acme/invoices\n');
    const { exitCode, stderr } = await state.command(['resume', 'beta/customer']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('did you mean "beta/customers"?');
  });
});
