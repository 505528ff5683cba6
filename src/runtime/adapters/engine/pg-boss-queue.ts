import type { Clock } from '../../../sage/clock.ts';
import { runTogether } from '../../run-together.ts';
import { createWakeUp } from '../../wake-up.ts';
import { TurnLostError } from './jobs.ts';
import type { Jobs, QueueName, Turn } from './jobs.ts';
import type { Troubles } from './troubles.ts';

/** The turns of one queue that this process has. */
export interface Queue {
  /** Takes turns until the signal aborts, and then waits for those that it has. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** There may be something to take. */
  readonly notify: () => void;
  /** Stops the turns for which this holds, and resolves when they have ended. */
  readonly stop: (isMeant: (turn: Turn) => boolean) => Promise<void>;
}

export interface QueueParts {
  readonly name: QueueName;
  readonly jobs: Jobs;
  readonly clock: Clock;
  /** Turns at once. */
  readonly limit: number;
  /** Whether groups have to share the places. */
  readonly hasSeveralGroups: () => boolean;
  /** Does what the turn is for and ends its job. */
  readonly handle: (turn: Turn, signal: AbortSignal) => Promise<void>;
  readonly troubles: Troubles;
  /** A waiting job is noticed after so long, when there was none before it. */
  readonly lookEveryMs: number;
}

/** Three of these may fail before a turn counts as left. */
export const aliveEveryMs = 3000;
const afterTroubleMs = 1000;
/**
 * Where jobs come one after another, they are looked for more often: those that became due in half a second would all
 * start at its end, and thrice as many in one second as in the next.
 */
const betweenStartsMs = 100;
const busyForMs = 1000;

export function createQueue(parts: QueueParts): Queue {
  const { clock } = parts;
  const wakeUp = createWakeUp(clock);
  const active = new Map<string, ActiveTurn>();
  return {
    notify: wakeUp.notify,
    stop: async (isMeant) => {
      const meant = [...active.values()].filter(({ turn }) => isMeant(turn));
      for (const { stop } of meant) stop.abort();
      await Promise.all(meant.map(({ ended }) => ended));
    },
    run: async (signal) => {
      const done = new AbortController();
      const taking = async (): Promise<void> => {
        let tookMs = Number.NEGATIVE_INFINITY;
        try {
          while (!signal.aborted) {
            const taken = await takeTurns(active, { parts, signal, notify: wakeUp.notify });
            if (taken === 'all-places') continue;
            const nowMs = clock.now();
            if (taken === 'some') tookMs = nowMs;
            await wakeUp.wait(nowMs - tookMs < busyForMs ? betweenStartsMs : parts.lookEveryMs, signal);
          }
          await Promise.all([...active.values()].map(({ ended }) => ended));
        } finally {
          done.abort();
        }
      };
      // Turns are kept alive until the last has ended, also after the signal.
      await runTogether([taking, (stop) => keepAlive(active, parts, stop)], done.signal);
    },
  };
}

interface ActiveTurn {
  readonly turn: Turn;
  readonly stop: AbortController;
  /** Never rejects. */
  readonly ended: Promise<void>;
}

/** Where as many turns came as there were places, there may be more. */
async function takeTurns(
  active: Map<string, ActiveTurn>,
  {
    parts,
    signal,
    notify,
  }: { readonly parts: QueueParts; readonly signal: AbortSignal; readonly notify: () => void },
): Promise<'all-places' | 'some' | 'none'> {
  const limit = parts.limit - active.size;
  if (limit <= 0) return 'none';
  const exceptGroups = parts.hasSeveralGroups() ? crowdedGroups(active, parts.limit) : [];
  let turns: readonly Turn[];
  try {
    turns = await parts.jobs.take(parts.name, { limit, exceptGroups });
  } catch (error) {
    parts.troubles.tell(error);
    await parts.clock.sleep(afterTroubleMs, signal);
    return 'none';
  }
  parts.troubles.answered();
  for (const turn of turns) {
    const stop = new AbortController();
    const ended = runTurn(turn, parts, AbortSignal.any([signal, stop.signal])).finally(() => {
      active.delete(turn.attempt.id);
      notify();
    });
    active.set(turn.attempt.id, { turn, stop, ended });
  }
  if (turns.length === limit) return 'all-places';
  return turns.length > 0 ? 'some' : 'none';
}

/** A group may take three quarters of the places, so that one app whose budget is used up does not keep others waiting. */
function crowdedGroups(active: ReadonlyMap<string, ActiveTurn>, limit: number): readonly string[] {
  const most = Math.max(1, Math.floor((limit * 3) / 4));
  const groups = Map.groupBy(active.values(), ({ turn }) => turn.group);
  return [...groups].filter(([, turns]) => turns.length >= most).map(([group]) => group);
}

/** What fails is not ended: when its heartbeat is missing, it is taken again, here or elsewhere. */
async function runTurn(turn: Turn, { handle, troubles }: QueueParts, signal: AbortSignal): Promise<void> {
  try {
    await handle(turn, signal);
  } catch (error) {
    troubles.tell(error, error instanceof TurnLostError ? undefined : turn.key);
  }
}

async function keepAlive(
  active: ReadonlyMap<string, ActiveTurn>,
  { name, jobs, clock, troubles }: QueueParts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(aliveEveryMs, signal);
    const mine = [...active.values()];
    if (mine.length === 0 || signal.aborted) continue;
    try {
      const kept = await jobs.keepAlive(
        name,
        mine.map(({ turn }) => turn),
      );
      for (const { turn, stop } of mine) if (!kept.has(turn.attempt.id)) stop.abort();
    } catch (error) {
      troubles.tell(error);
    }
  }
}
