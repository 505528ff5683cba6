import type { Clock } from '../clock.ts';
import { createRandom } from '../random.ts';
import type { Fault } from './fault.ts';

/** What a fault's scope is compared with. */
interface FaultedRequest {
  readonly on: string;
  readonly path: string;
  readonly tenant: string | undefined;
  /** Decoded query and body. */
  readonly text: string;
}

interface FaultState {
  readonly fault: Fault;
  /** Requests that matched the scope, and those that it happened to. */
  readonly matched: number;
  readonly fired: number;
}

export interface FaultScript {
  add(...faults: readonly Fault[]): void;
  clear(): void;
  list(): readonly FaultState[];
  /** The faults that happen to this request; counts them. */
  take(request: FaultedRequest): readonly Fault[];
}

export function createFaultScript(seed: number, clock: Clock): FaultScript {
  const random = createRandom(seed, 'faults');
  let states: { readonly fault: Fault; readonly addedMs: number; matched: number; fired: number }[] = [];
  return {
    add: (...faults) => {
      states.push(...faults.map((fault) => ({ fault, addedMs: clock.nowMs(), matched: 0, fired: 0 })));
    },
    clear: () => {
      states = [];
    },
    list: () => states.map(({ fault, matched, fired }) => ({ fault, matched, fired })),
    take: (request) => {
      const taken = states.filter((state) => {
        if (!isInTime(state.fault, clock.nowMs() - state.addedMs)) return false;
        if (!isInScope(state.fault, request)) return false;
        state.matched += 1;
        if (state.matched <= (state.fault.skip ?? 0) || state.fired >= limitOf(state.fault)) return false;
        if (!random.chance(state.fault.probability ?? 1)) return false;
        state.fired += 1;
        return true;
      });
      return taken.map(({ fault }) => fault);
    },
  };
}

function limitOf({ count, probability, forMs }: Fault): number {
  if (count === 'always') return Infinity;
  return count ?? (probability === undefined && forMs === undefined ? 1 : Infinity);
}

function isInTime({ afterMs = 0, forMs = Infinity }: Fault, ageMs: number): boolean {
  return ageMs >= afterMs && ageMs < afterMs + forMs;
}

function isInScope(fault: Fault, { on, path, tenant, text }: FaultedRequest): boolean {
  return (
    (fault.on ?? 'accounting') === on &&
    (fault.path === undefined || path.endsWith(fault.path)) &&
    (fault.tenant === undefined || fault.tenant === tenant) &&
    (fault.contains === undefined || text.includes(fault.contains))
  );
}

/** The fault of that kind among those taken, with its own fields. */
export function findFault<Kind extends Fault['kind']>(
  faults: readonly Fault[],
  kind: Kind,
): Extract<Fault, { readonly kind: Kind }> | undefined {
  return faults.find((fault): fault is Extract<Fault, { readonly kind: Kind }> => fault.kind === kind);
}
