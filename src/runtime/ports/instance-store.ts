/** What the state has of an instance, whether it is still run or not. */
export interface InstanceContents {
  readonly polls: number;
  /** Objects whose latest version is known. */
  readonly objects: number;
  readonly pendingEvents: number;
  readonly deadEvents: number;
  readonly deliveredEvents: number;
  readonly hasGrant: boolean;
}

export interface InstanceStore {
  readonly read: (instanceId: string) => Promise<InstanceContents>;
  /**
   * Deletes all that the state has of it: polls with what they know, events with their deliveries, its grant, its receiver
   * unless another instance has the same. What a platform knows of it stays registered. To be called while nothing runs it.
   */
  readonly forget: (instanceId: string) => Promise<void>;
}
