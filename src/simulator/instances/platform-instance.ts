import type { Tenant } from '../tenant.ts';

/** As it was sent: an object, a string, or a string for a boolean. How it is shown is `render-instance.ts`'s matter. */
export type ConfigurationValue = unknown;

/** One instance on the simulated platform. */
export interface PlatformInstance {
  readonly id: number;
  /** The element token: opens this instance's data. */
  readonly token: string;
  readonly elementKey: string;
  name: string;
  tags: readonly string[];
  /** Whose data it reads; undefined where it was put there without a login. */
  tenant: Tenant | undefined;
  readonly configuration: Map<string, ConfigurationValue>;
  isEnabled: boolean;
  /** Answers show the configuration as it was put there, objects and all, instead of as strings. */
  readonly isVerbatim: boolean;
  readonly externalAuthentication: 'none' | 'initial';
  /** When the platform sent an event, newest first. */
  readonly events: { readonly eventDate: string; readonly pollDateMs: number }[];
}

export interface InstanceDefinition {
  readonly elementKey: string;
  readonly name: string;
  readonly tags?: readonly string[];
  readonly tenant?: Tenant;
  readonly configuration: Readonly<Record<string, ConfigurationValue>>;
  readonly isVerbatim?: boolean;
  readonly externalAuthentication?: 'none' | 'initial';
}
