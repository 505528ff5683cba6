import { join } from 'node:path';
import { openSqliteStore } from '../../src/runtime/adapters/store/sqlite.ts';
import type { NewEvent } from '../../src/runtime/ports/event.ts';
import type { Attempt } from '../../src/runtime/ports/outbox-store.ts';
import type { Store } from '../../src/runtime/ports/store.ts';
import { createTokenCipher, generateTokenKey } from '../../src/runtime/token-cipher.ts';
import { runCommand } from '../command-line.ts';
import type { CommandResult, CommandSurroundings } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** A state that a process of its own has, as `run` would, with commands that work beside it. */
export interface OperatedState extends AsyncDisposable {
  readonly store: Store;
  readonly folder: string;
  readonly command: (
    commandLine: readonly string[],
    surroundings?: CommandSurroundings,
  ) => Promise<CommandResult>;
  /** Ends the process that has it. */
  readonly stop: () => Promise<void>;
}

export const endpoint = 'https://receiver.example.com/hook';
export const failed: Attempt = {
  startedMs: Date.UTC(2026, 10, 23, 10),
  durationMs: 12,
  status: 503,
  failure: 'the receiver answered 503',
  answer: 'down\u001B[2J for maintenance',
};

/** Tenant `acme` with polls of customers and invoices, tenant `beta` with one that is paused. */
export async function operateState(): Promise<OperatedState> {
  const folder = await temporaryFolder();
  const store = openSqliteStore(join(folder.path, '.sagecfg', 'state.db'), {
    cipher: createTokenCipher(generateTokenKey()),
    crash: () => undefined,
  });
  let isOpen = true;
  const stop = async (): Promise<void> => {
    if (isOpen) await store[Symbol.asyncDispose]();
    isOpen = false;
  };
  for (const [instanceId, resource] of [
    ['acme', 'customers'],
    ['acme', 'invoices'],
    ['beta', 'customers'],
  ] as const) {
    const poll = { key: `${instanceId}/${resource}`, instanceId, resource };
    await store.polls.ensure(poll, { baseline: { kind: 'now' }, nowMs: 1000 });
  }
  await store.endpoints.assign(
    ['acme', 'beta'].map((instanceId) => ({ instanceId, endpoint })),
    1000,
  );
  return {
    store,
    folder: folder.path,
    command: (commandLine, surroundings) =>
      runCommand(commandLine, { workingDirectory: folder.path, ...surroundings }),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export async function addEvents(store: Store, ...events: readonly Partial<NewEvent>[]): Promise<void> {
  await store.polls.commitPage({
    pollKey: 'acme/customers',
    scan: 'changes',
    startsScan: true,
    objectIds: [],
    ledger: [],
    events: events.map((event, index) => ({
      id: `e${index + 1}`,
      objectId: `o${index + 1}`,
      type: 'UPDATED',
      reason: 'updated after it was created',
      dateMs: Date.UTC(2026, 10, 23, 9, 30),
      pollDateMs: Date.UTC(2026, 10, 23, 9, 31),
      record: JSON.stringify({ id: 'o1', name: 'Jane Doe', updated_at: '2026-11-23T09:30:00Z', total: 12.5 }),
      ...event,
    })),
    checkpoint: undefined,
    watermarkMs: Date.UTC(2026, 10, 23, 9, 29),
    pollFinish: {
      dueMs: Date.UTC(2100, 0, 1),
      pageSize: undefined,
      finishedMs: Date.UTC(2026, 10, 23, 9, 31),
    },
  });
}

/** Puts each event into a notification of its own, `n-` and its id. */
export async function groupEach(store: Store): Promise<void> {
  const events = await store.outbox.readUngrouped({ kind: 'new', instanceIds: ['acme'], limit: 100 });
  const notifications = events.map(({ id, sequence }) => ({
    id: `n-${id}`,
    instanceId: 'acme',
    body: Buffer.from('{}'),
    eventSequences: [sequence],
  }));
  await store.outbox.addNotifications(notifications, 1000);
}
