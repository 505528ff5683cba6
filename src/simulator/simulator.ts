import type { Businesses } from './accounting/businesses.ts';
import type { Assumption, Choices } from './assumptions.ts';
import type { Delivery } from './callback/delivery.ts';
import type { Comparison } from './check/compare-ledger.ts';
import type { Clock } from './clock.ts';
import type { FaultScript } from './faults/fault-script.ts';
import type { InstanceMode } from './instance-file.ts';
import type { Instances } from './instances/instances.ts';
import type { Tenant, TenantDefinition } from './tenant.ts';
import type { Traffic, TrafficReport } from './traffic.ts';
import type { ChangeStream, ChangeStreamOptions } from './world/change-stream.ts';
import type { TruthEntry } from './world/truth-entry.ts';
import type { World } from './world/world.ts';

export interface SimulatorOptions {
  /** The same seed gives the same ids, records, changes and faults. 1 unless told. */
  readonly seed?: number;
  readonly clock?: Clock;
  /** Moves Sage's whole clock, its timestamps and `Date` header, against `clock`. */
  readonly skewMs?: number;
  /** Ports of Sage and of the callback receiver; any free port unless told. */
  readonly port?: number;
  readonly callbackPort?: number;
  /** One tenant named `north` unless told. */
  readonly tenants?: readonly TenantDefinition[];
  /** Objects per tenant and resource that exist before the start, with timestamps of the last 90 days. 20 unless told. */
  readonly initialObjects?: number;
  /** There are some objects of every resource, instead of those only that are polled. */
  readonly isFull?: boolean;
  /** Names that the instance file polls, that change, and that the report judges; customers, invoices and products unless told. */
  readonly polled?: readonly string[];
  /** Random changes from the start; none unless told. `total` defaults to no end. */
  readonly changesPerSecond?: number;
  readonly total?: number;
  /** Chance that a change is the first of several in one instant, and of how many. None unless told. */
  readonly burst?: ChangeStreamOptions['burst'];
  /** Chance that a change becomes visible after its own timestamp, and how late at most. None unless told. */
  readonly late?: ChangeStreamOptions['late'];
  /** How long an object is left alone after a random change; not at all unless told. */
  readonly restMs?: number;
  /** What Sage does where nobody knows; see `assumptions`. */
  readonly choices?: Partial<Choices>;
  /** Registered redirect addresses; any on this machine unless told. */
  readonly redirectUris?: readonly string[];
  /** Requests of one app in flight beyond which Sage answers 429: 150 as documented, unless told. */
  readonly maxInFlight?: number;
}

export interface SimulatorReport {
  readonly comparison: Comparison;
  readonly deliveries: number;
  readonly events: number;
  readonly traffic: TrafficReport;
  /** How often a grant was refused, by reason. */
  readonly grantRefusals: Readonly<Record<string, number>>;
  /** How often the client's secret came in the body, and how often in a Basic header. */
  readonly clientAuthentication: Readonly<Record<'body' | 'basic', number>>;
  /** When all that has happened is visible, epoch milliseconds of the simulator's clock. */
  readonly settledAtMs: number;
}

/** A local Sage with a callback receiver, in memory; closing it closes both ports. */
export interface Simulator extends AsyncDisposable {
  /** With the version: `http://127.0.0.1:PORT/v3.1`. */
  readonly sageUrl: string;
  readonly tokenUrl: string;
  readonly authorizeUrl: string;
  readonly revokeUrl: string;
  /** Of the v3 API, with the version, and where its tokens are given. */
  readonly legacyUrl: string;
  readonly legacyTokenUrl: string;
  readonly controlUrl: string;
  /** The platform's, with its instance API: `http://127.0.0.1:PORT/elements/api-v2`. */
  readonly platformUrl: string;
  readonly tenants: readonly Tenant[];
  readonly choices: Choices;
  readonly assumptions: readonly Assumption[];
  /** What a fault's `on` may name. */
  readonly faultedEndpoints: readonly string[];
  /** Everything that happened, oldest first; what existed before the start comes first. */
  readonly truth: readonly TruthEntry[];
  /** Every request that reached a callback, oldest first. */
  readonly ledger: readonly Delivery[];
  readonly world: World;
  readonly changes: ChangeStream;
  readonly faults: FaultScript;
  readonly traffic: Traffic;
  readonly businesses: Businesses;
  readonly instances: Instances;
  callbackUrl(tenant: string): string;
  /** YAML of an instance that polls this simulator; by Sage's v3.1 API unless told. For the hub an instance is made there. */
  instanceFile(tenant: string, mode?: InstanceMode): string;
  /** Stops making changes and waits until all of them are visible. */
  quiesce(): Promise<void>;
  report(): SimulatorReport;
}
