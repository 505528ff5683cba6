import type { ReferenceSources } from '../model/secret.ts';
import type { Clock } from '../sage/clock.ts';
import type { LogIn } from './log-in.ts';
import type { PlatformClient } from './platform-client.ts';
import type { Registrations } from './registrations.ts';

/** What applying a plan works with. */
export interface ApplyPorts {
  readonly client: PlatformClient;
  /** Address of the platform's API, as registrations name it. */
  readonly platform: string;
  readonly registrations: Registrations;
  readonly references: ReferenceSources;
  readonly clock: Clock;
  /** Asks the user for access where a file has none for the platform; undefined where nobody can be asked. */
  readonly logIn?: LogIn | undefined;
  /** How long a creation whose answer is lost may still be under way; it is looked up for so long before it is repeated. */
  readonly settleMs: number;
  readonly concurrency: number;
  /** Begins nothing more once it aborts; what is under way comes to its end. */
  readonly signal: AbortSignal;
  /** Hears of every action that is over. */
  readonly report: (outcome: ActionOutcome) => void;
}

export interface ActionOutcome {
  readonly action: 'create' | 'change' | 'delete' | 'keep' | 'refused';
  readonly name: string;
  readonly id: string | undefined;
  readonly status: 'done' | 'failed' | 'skipped';
  /** Why it failed, or what is worth knowing; never a secret. */
  readonly message: string | undefined;
}
