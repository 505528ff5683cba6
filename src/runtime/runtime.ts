import type { Instance } from '../model/model.ts';
import type { ReferenceSources } from '../model/secret.ts';
import type { BudgetLimits } from '../sage/request-budget.ts';
import type { Clock } from '../sage/clock.ts';
import type { InstanceChanges } from './compare-instances.ts';
import type { CallbackTls } from './callback-tls.ts';
import type { Crash } from './crash-points.ts';
import type { DryRun } from './dry-run/dry-run.ts';
import type { NotificationForm } from './deliver/notification-form.ts';
import type { HealthAddress } from './observe/health-server.ts';
import type { RuntimeHealth } from './observe/health.ts';
import type { BackfillWindow } from './poll/backfill-window.ts';
import type { OutboxCounts } from './ports/outbox-store.ts';
import type { Baseline } from './ports/poll-store.ts';
import type { Store } from './ports/store.ts';
import type { Report } from './report.ts';
import type { SourceKind } from './source-kind.ts';
import type { StoreAddress } from './store-address.ts';
import type { Retention } from './tidy-state.ts';
import type { TokenCipher } from './token-cipher.ts';
import type { WorkerOptions } from './worker-options.ts';

export interface RuntimeOptions {
  /** Without errors: lint has looked at them. */
  readonly instances: readonly Instance[];
  /** Where `${env:…}` and `${file:…}` lead; `SAGECFG_KEY` is read from the same environment. */
  readonly references: ReferenceSources;
  readonly store: StoreAddress;
  /** `simulator` is a local Sage: the token key may then be made up, and is kept beside the state. */
  readonly source: SourceKind;
  /** Where the recordings are; only of source `recorded`. */
  readonly recordings?: string;
  /** Keeps a recording of what is read there. */
  readonly record?: string | undefined;
  readonly hub?: HubAddress;
  readonly sage: SageAddresses;
  readonly baseline: Baseline;
  /** In place of each instance's own interval. */
  readonly intervalMs?: number | undefined;
  readonly overlapMs: number;
  /** What to do with polls that ask for more requests than there are: nothing but to say so, without. */
  readonly quota?: 'warn' | 'refuse' | 'stretch';
  readonly budget: BudgetLimits;
  readonly callback: {
    readonly allow: readonly string[];
    readonly allowHttp: boolean;
    readonly tls?: CallbackTls | undefined;
  };
  /** What is put into a notification. */
  readonly notification?: NotificationForm | undefined;
  /** References to the signature keys before the present ones, by instance; `*` for every other. */
  readonly previousKeys?: Readonly<Record<string, string>> | undefined;
  /** A time to read again, beside the polls: what changed in it is delivered, whatever the baseline, under the same ids. */
  readonly backfill?: BackfillWindow | undefined;
  /** How long what is done with is kept in the state. */
  readonly retention?: Retention | undefined;
  /** Where `/livez`, `/readyz` and `/metrics` are served; nowhere without. */
  readonly health?: HealthAddress | undefined;
  /** Reads and decides as ever, but sends and writes nothing; only for `runOnce`. */
  readonly dryRun?: DryRun | undefined;
  /** What this process does, where several share the store; all of it without. */
  readonly worker?: WorkerOptions;
  readonly report: Report;
  /** The system's, unless a test has its own. */
  readonly clock?: Clock;
  /** From 0 to 1, for jitter. */
  readonly random?: () => number;
  /** Ends the process where `SAGECFG_CRASH_AT` says so, unless a test has its own way to die. */
  readonly crash?: Crash;
}

interface SageAddresses {
  /** With the version: `https://api.accounting.sage.com/v3.1`. */
  readonly baseUrl: string;
  readonly tokenUrl: string;
  /** For source `sage-legacy`, where they are told: in place of the addresses of each instance's country. */
  readonly legacy?: { readonly baseUrl?: string; readonly tokenUrl?: string };
  /** For instances that do not name a business. */
  readonly business: string | undefined;
}

interface HubAddress {
  /** With the version: `https://api.cloud-elements.com/elements/api-v2`. */
  readonly baseUrl: string;
  /** References: `${env:SAGECFG_USER_SECRET}`. */
  readonly userSecret: string;
  readonly organizationSecret: string;
}

/** An open state with everything that works on it. Disposing waits for a token refresh that is under way. */
export interface Runtime extends AsyncDisposable {
  /** Polls and delivers until the signal aborts, and resolves when what was under way has ended. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Polls each resource once, due or not, and delivers until nothing is due any more. */
  readonly runOnce: (signal: AbortSignal) => Promise<OutboxCounts>;
  /**
   * Works for these instances from now on, with the watermarks that they have. All or nothing: throws `SagecfgError`, and
   * goes on as before, when one of them cannot be run.
   */
  readonly reload: (instances: readonly Instance[]) => Promise<InstanceChanges>;
  readonly health: () => Promise<RuntimeHealth>;
  /** Gives up the deliveries under way: they count as not answered, and are sent again at the next start. */
  readonly cutOff: () => Promise<void>;
  /** Resolves when no token refresh is under way: a process that ends in the middle of one loses the grant. */
  readonly refreshesSettled: () => Promise<void>;
}

/** The state, opened by this process alone. */
export interface OpenState extends AsyncDisposable {
  readonly store: Store;
  readonly cipher: TokenCipher;
}

export const sageDefaults = {
  baseUrl: 'https://api.accounting.sage.com/v3.1',
  tokenUrl: 'https://oauth.accounting.sage.com/token',
  authorizeUrl: 'https://www.sageone.com/oauth2/auth/central?filter=apiv3.1',
  revokeUrl: 'https://oauth.accounting.sage.com/revoke',
} as const;

export const defaultOverlapMs = 120_000;

/** Sage's official limits of an app; the one of a business is hearsay, and kept to be safe. */
export const defaultBudget: BudgetLimits = { appPerSecond: 15, appInFlight: 150, businessPerMinute: 100 };
