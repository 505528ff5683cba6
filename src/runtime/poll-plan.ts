import type { Secret } from '../model/secret.ts';
import type { AppCredentials } from '../sage/request-tokens.ts';

/** What one instance asks of the runtime: plain values, references resolved. */
export interface InstancePlan {
  /** Names the instance in the state for good: its `name`, or the element's key where it has none. */
  readonly id: string;
  /** The number that the platform's envelope carries; derived from `id` unless the document has one. */
  readonly number: number;
  readonly elementKey: string;
  readonly hubKey: string;
  readonly tags: readonly string[];
  /** For a source that reads with a grant of Sage's. */
  readonly credentials: InstanceCredentials | undefined;
  /** For the legacy API. */
  readonly legacy?: LegacyCredentials;
  /** For the hub. */
  readonly hub?: HubAccess;
  /** Sent as `X-Business`. */
  readonly business: string | undefined;
  readonly target: DeliveryTarget;
  readonly polls: readonly PollPlan[];
}

export interface InstanceCredentials extends AppCredentials {
  /** The file's refresh token: only good until the first refresh. */
  readonly refreshToken: Secret | undefined;
}

export interface LegacyCredentials {
  /** `apim.subscription.key`. */
  readonly subscriptionKey: Secret;
  /** `signature.secret`: requests are signed where there is one. */
  readonly signingSecret: Secret | undefined;
  /** Sent as `X-Site`; what the token endpoint answers, unless told. */
  readonly site: string | undefined;
  /** Two letters: decides where the API is. */
  readonly country: string | undefined;
}

interface HubAccess {
  /** Address of the platform's API. */
  readonly platform: string;
  /** Of the file. Without one, the state has what `sagecfg apply` was given. */
  readonly elementToken: Secret | undefined;
}

/** Where an instance's notifications go. */
export interface DeliveryTarget {
  readonly url: URL;
  readonly signatureKey: Secret | undefined;
  /** The key before: its signature is sent as well, for receivers that do not know the new one yet. */
  readonly previousSignatureKey?: Secret | undefined;
  /** Sent with each notification, names in lower case. */
  readonly headers?: Readonly<Record<string, Secret>>;
  readonly basic: { readonly username: string; readonly password: Secret } | undefined;
}

/** How one resource of one instance is polled. */
export interface PollPlan {
  /** Names the poll in the state: `instance/resource`. */
  readonly key: string;
  readonly instanceId: string;
  readonly resource: string;
  /** The hub URL as written, templates and all. */
  readonly url: string;
  readonly idField: string;
  readonly updated: DateField | undefined;
  readonly created: DateField | undefined;
  readonly filterByUpdatedDate: boolean;
  readonly filterByCurrentDate: boolean;
  readonly createdCheckToleranceMs: number;
  readonly pollDelayMs: number;
  /** Records a page. */
  readonly pageSize: number;
  readonly intervalMs: number;
}

export interface DateField {
  /** Path: `updated_at`, `meta.updated`, `['Modified Time']`. */
  readonly field: string;
  readonly pattern: string;
  readonly zone: string;
}
