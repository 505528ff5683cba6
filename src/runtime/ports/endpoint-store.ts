import type { PollFilter } from './poll-store.ts';

/** Whether a receiver is sent anything. */
export interface EndpointState {
  /** Names the receiver: its address, without what may be secret in it. */
  readonly endpoint: string;
  /**
   * `closed`: everything goes. `open`: nothing until `retryAtMs`, and then one notification, to find out. `disabled`:
   * nothing until somebody resumes it. (A breaker's words: a closed circuit lets through.)
   */
  readonly state: 'closed' | 'open' | 'disabled';
  /** Why it is not closed. */
  readonly reason: string | undefined;
  /** Since when it is in this state. */
  readonly sinceMs: number;
  readonly retryAtMs: number | undefined;
  /** The first failure since the last success. */
  readonly failingSinceMs: number | undefined;
}

export interface EndpointStore {
  /** Every endpoint that an instance was assigned to, or that has ever been written, with the instances that use it. */
  readonly list: () => Promise<readonly (EndpointState & { readonly instanceIds: readonly string[] })[]>;
  /** Says which receiver each of these instances has; an endpoint that is new is closed. */
  readonly assign: (
    assignments: readonly { readonly instanceId: string; readonly endpoint: string }[],
    nowMs: number,
  ) => Promise<void>;
  readonly write: (state: EndpointState) => Promise<void>;
  /**
   * Closes the endpoints of these instances that are not, gives their names, and makes what waits for them due at once.
   * An intervention.
   */
  readonly resume: (filter: Pick<PollFilter, 'instanceId'>, nowMs: number) => Promise<readonly string[]>;
}
