import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../../../src/runtime/adapters/store/sqlite.ts';
import type { Store } from '../../../../src/runtime/ports/store.ts';
import { createTokenCipher, generateTokenKey } from '../../../../src/runtime/token-cipher.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { findTornPages } from '../../../torture/torn-pages.ts';

const ports = { cipher: createTokenCipher(generateTokenKey()), crash: () => undefined };
const poll = { key: 'acme/customers', instanceId: 'acme', resource: 'customers' };
const attempt = { startedMs: 1, durationMs: 1, status: 200, failure: undefined, answer: undefined };

/** Twelve events of as many objects, and what the ledger knows of them. */
async function fill({ polls }: Store): Promise<void> {
  const ids = Array.from({ length: 12 }, (_, index) => `o${index}`);
  await polls.ensure(poll, { baseline: { kind: 'now' }, nowMs: 1 });
  await polls.commitPage({
    pollKey: poll.key,
    scan: 'changes',
    startsScan: true,
    objectIds: ids,
    ledger: ids.map((objectId) => ({
      objectId,
      updatedMs: 1,
      hash: objectId,
      isDeleted: false,
      revision: 0,
      earlierHashes: [],
    })),
    events: ids.map((id) => ({
      id,
      objectId: id,
      type: 'CREATED',
      reason: 'new',
      dateMs: 1,
      pollDateMs: 2,
      record: '{}',
    })),
    checkpoint: undefined,
  });
}

/** With those that are picked: a notification of those that wait, and what comes of it; or a replay. */
const step = fc.record({
  pick: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  end: fc.constantFrom('deliver', 'bury', 'split', 'wait', 'replay', 'prune'),
});

async function take(
  { outbox }: Store,
  { pick, end }: { readonly pick: readonly boolean[]; readonly end: string },
  number: number,
): Promise<void> {
  const all = { instanceIds: ['acme'], limit: 99 };
  if (end === 'replay') {
    await outbox.replay({ ids: pick.flatMap((isPicked, index) => (isPicked ? [`o${index}`] : [])) });
  } else if (end === 'prune') {
    await outbox.prune({ deliveredBeforeMs: number, attemptsBeforeMs: number, limit: 5 });
  } else {
    const waiting = [
      ...(await outbox.readUngrouped({ kind: 'new', ...all })),
      ...(await outbox.readUngrouped({ kind: 'replayed', ...all })),
    ].filter((_, index) => pick[index] === true);
    const id = `n${number}`;
    const body = Buffer.from('body');
    const eventSequences = waiting.map(({ sequence }) => sequence);
    if (eventSequences.length === 0) return;
    await outbox.addNotifications([{ id, instanceId: 'acme', body, eventSequences }], number);
    if (end === 'deliver') await outbox.markDelivered([{ id, attempt }], number);
    if (end === 'bury') await outbox.markDead(id, { attempt, nowMs: number });
    if (end === 'split') {
      const parts = eventSequences.map((sequence) => ({
        id: `${id}-${sequence}`,
        instanceId: 'acme',
        body,
        eventSequences: [sequence],
      }));
      await outbox.split(id, parts, { attempt, nowMs: number });
    }
  }
}

it('has every event in one place, and all of an event in each, whatever is done with them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      await using folder = await temporaryFolder();
      const file = join(folder.path, 'state.db');
      await using store = openSqliteStore(file, ports);
      await fill(store);
      for (const [number, each] of steps.entries()) await take(store, each, number + 1);
      const torn = findTornPages(folder.path).filter((what) => !what.includes('without an event'));
      expect(torn).toEqual([]);
      const { pendingEvents } = await store.outbox.counts();
      const [backlog] = await store.outbox.backlog();
      expect(backlog?.pendingEvents ?? 0).toBe(pendingEvents);
      const listed = await store.outbox.listEvents({ state: 'pending' }, { limit: 99 });
      expect(listed).toHaveLength(pendingEvents);
    }),
    { numRuns: 40 },
  );
}, 60_000);

it('writes no row of an event when it is put into a notification and delivered', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'state.db');
  await using store = openSqliteStore(file, ports);
  await fill(store);
  const rows = (): unknown => {
    using database = new DatabaseSync(file, { readOnly: true });
    return database.prepare('SELECT * FROM events').all();
  };
  const before = rows();
  await take(store, { pick: Array.from({ length: 12 }, () => true), end: 'deliver' }, 1);
  expect(await store.outbox.readEvent('o3')).toMatchObject({ state: 'delivered', notificationId: 'n1' });
  expect(rows()).toEqual(before);
});
