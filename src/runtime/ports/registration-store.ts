import type { Secret } from '../../model/secret.ts';

/** What `sagecfg apply` knows of instances on a platform. Tokens are sealed at rest. */
export interface RegistrationStore {
  /** Of the platform with this address. */
  readonly list: (platform: string) => Promise<readonly Registration[]>;
  /** Replaces what was known of the same instance. */
  readonly write: (registration: Registration) => Promise<void>;
  readonly remove: (registration: RegistrationKey) => Promise<void>;
}

export interface RegistrationKey {
  /** Address of the platform's API. */
  readonly platform: string;
  readonly elementKey: string;
  readonly name: string;
}

export interface Registration extends RegistrationKey {
  /** The platform's id; undefined while nobody knows whether the instance was created. */
  readonly instanceId: string | undefined;
  /** The element token. */
  readonly token: Secret | undefined;
  /** When a creation was begun whose end is not known, epoch milliseconds. */
  readonly creatingSinceMs: number | undefined;
}
