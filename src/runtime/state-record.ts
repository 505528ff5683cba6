/** A row of the state in a form that no kind of store owns: what `sagecfg state export` writes, a line each. */
export interface StateRecord {
  readonly kind: StateKind;
  readonly row: StateRow;
}

/** By field. Bytes are written as the text that they are, yes and no as 1 and 0. */
export type StateRow = Readonly<Record<string, string | number | null>>;

export type StateFieldType = 'text' | 'integer' | 'bytes' | 'optional text' | 'optional integer';

/**
 * What is kept of each kind, in an order in which it can be written. In a store the columns have the same names in snake
 * case: `dueMs` is `due_ms`. The sequence of the events is kept, because it is the order of an object's events.
 */
const stateFields = {
  poll: {
    key: 'text',
    instanceId: 'text',
    resource: 'text',
    baseline: 'text',
    baselineMs: 'optional integer',
    dueMs: 'integer',
    notBeforeMs: 'integer',
    failures: 'integer',
    failureReason: 'optional text',
    isPaused: 'integer',
    pageSize: 'optional integer',
    finishedMs: 'optional integer',
    requestsPerHundred: 'optional integer',
  },
  scan: { pollKey: 'text', kind: 'text', watermarkMs: 'optional integer' },
  ledger: {
    pollKey: 'text',
    objectId: 'text',
    updatedMs: 'optional integer',
    hash: 'text',
    isDeleted: 'integer',
    revision: 'integer',
    earlierHashes: 'text',
  },
  event: {
    sequence: 'integer',
    id: 'text',
    pollKey: 'text',
    instanceId: 'text',
    resource: 'text',
    objectId: 'text',
    type: 'text',
    reason: 'text',
    dateMs: 'integer',
    pollDateMs: 'integer',
    record: 'text',
    notificationId: 'optional text',
    state: 'text',
    settledMs: 'optional integer',
    replays: 'integer',
  },
  notification: {
    sequence: 'integer',
    id: 'text',
    instanceId: 'text',
    body: 'bytes',
    eventCount: 'integer',
    state: 'text',
    attempts: 'integer',
    firstFailedMs: 'optional integer',
    nextAttemptMs: 'integer',
    lastFailure: 'optional text',
    createdMs: 'integer',
  },
  formerNotification: { eventSequence: 'integer', notificationId: 'text' },
  attempt: {
    notificationId: 'text',
    startedMs: 'integer',
    durationMs: 'integer',
    status: 'optional integer',
    failure: 'optional text',
    answer: 'optional text',
  },
  endpoint: {
    endpoint: 'text',
    state: 'text',
    reason: 'optional text',
    sinceMs: 'integer',
    retryAtMs: 'optional integer',
    failingSinceMs: 'optional integer',
  },
  instance: { id: 'text', endpoint: 'text' },
  grant: {
    instanceId: 'text',
    accessToken: 'text',
    refreshToken: 'text',
    accessExpiresMs: 'integer',
    refreshExpiresMs: 'optional integer',
    seedMark: 'text',
    deadReason: 'optional text',
  },
  registration: {
    platform: 'text',
    elementKey: 'text',
    name: 'text',
    instanceId: 'optional text',
    token: 'optional text',
    creatingSinceMs: 'optional integer',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, StateFieldType>>>>;

export type StateKind = keyof typeof stateFields;

export type StateFields = Readonly<Record<string, StateFieldType>>;

/** In the order in which they can be written. */
export const stateKinds = Object.entries(stateFields) as readonly (readonly [StateKind, StateFields])[]; // its own keys

/** The tables of every store, by kind. */
export const stateTables: Readonly<Record<StateKind, string>> = {
  poll: 'polls',
  scan: 'scans',
  ledger: 'ledger',
  event: 'events',
  notification: 'notifications',
  formerNotification: 'former_notifications',
  attempt: 'attempts',
  endpoint: 'endpoints',
  instance: 'instances',
  grant: 'grants',
  registration: 'registrations',
};

export function columnOf(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
