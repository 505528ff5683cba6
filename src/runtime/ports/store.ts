import type { StateRecord } from '../state-record.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { GrantStore } from './grant-store.ts';
import type { InstanceStore } from './instance-store.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { PollState, PollStore } from './poll-store.ts';
import type { RegistrationStore } from './registration-store.ts';

/**
 * The state of the runtime, and the only truth: what is not in it has not happened. Each method is one transaction that
 * is durable when its promise resolves, and leaves nothing behind when it rejects. A state file is one process's at a
 * time; on a database any number may work, and the engine sees to it that no two work on the same poll or instance.
 */
export interface Store extends AsyncDisposable {
  readonly polls: PollStore;
  readonly outbox: OutboxStore;
  readonly grants: GrantStore;
  readonly registrations: RegistrationStore;
  /** Writes something that changes nothing; rejects when that is not possible. */
  readonly probe: () => Promise<void>;
  readonly endpoints: EndpointStore;
  readonly instances: InstanceStore;
  readonly transfer: TransferStore;
  /**
   * How often somebody has intervened, in whatever process: resumed something, or had events delivered anew. Who runs
   * looks at it now and then, to notice.
   */
  readonly interventions: () => Promise<number>;
  /** Gives back room that nothing needs any more, a part of it at a time, and keeps queries fast. True when there is more. */
  readonly compact: () => Promise<boolean>;
}

/** What a dry run needs to know of a state that it must not touch. */
export interface StateReader extends AsyncDisposable {
  readonly findPoll: (key: string) => Promise<PollState | undefined>;
  readonly readLedger: PollStore['readLedger'];
  readonly grants: Pick<GrantStore, 'read' | 'readBySeed'>;
}

/** The whole state as a stream, to keep it elsewhere or to change the kind of store. Tokens stay sealed. */
export interface TransferStore {
  /** As it is at one moment. Unfinished scans are left out: they are read again. */
  readonly read: () => AsyncIterable<StateRecord>;
  /** All or nothing; throws `SagecfgError` when there is anything in the store. Tells how many it wrote. */
  readonly write: (records: AsyncIterable<StateRecord>) => Promise<number>;
}
