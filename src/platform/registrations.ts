import type { Secret } from '../model/secret.ts';

/** Which instance is meant, by its file. */
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

/** Where `apply` keeps ids and tokens: the state, or a file that the user names. */
export interface Registrations {
  readonly list: (platform: string) => Promise<readonly Registration[]>;
  readonly write: (registration: Registration) => Promise<void>;
  readonly remove: (registration: RegistrationKey) => Promise<void>;
}
