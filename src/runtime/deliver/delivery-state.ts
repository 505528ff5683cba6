import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../sage/clock.ts';
import type { Attempt, Notification } from '../ports/outbox-store.ts';

/** So many answers come in this time that a quick receiver is never left without work. */
const gatheringMs = 20;
/** Acceptances that wait to be written: as many notifications are sent again after a crash. */
export const mostUnwritten = 128;

export interface DeliveryState {
  /** By notification id, until what came of it is written. The promises never reject. */
  readonly inFlight: Map<string, { readonly instanceId: string; readonly sending: Promise<void> }>;
  /**
   * By id, notifications that this loop has added and that wait for a place: in the state as well, from where they are
   * read when they are forgotten here.
   */
  readonly ready: Map<string, Notification>;
  /** What receivers have accepted and nobody has written yet. */
  readonly accepted: { readonly notification: Notification; readonly attempt: Attempt }[];
  /** Called when waiting for more answers would gain nothing. */
  onTimeToWrite: (() => void) | undefined;
  /** How many receivers have answered, or failed to. */
  answers: number;
  /** When it was last looked for what is due in the state. */
  lookedMs: number;
  /** When the store was last asked or written, and so said that what is due is this loop's to send. */
  sureMs: number;
  readonly signal: AbortSignal;
  /** Nothing more is to be started. */
  isEnding: boolean;
  /** The first thing that went wrong on our side: the loop ends with it. */
  failure: { readonly cause: unknown } | undefined;
}

export function beginDelivery(signal: AbortSignal): DeliveryState {
  return {
    inFlight: new Map(),
    ready: new Map(),
    accepted: [],
    onTimeToWrite: undefined,
    answers: 0,
    lookedMs: Number.NEGATIVE_INFINITY,
    sureMs: Number.NEGATIVE_INFINITY,
    signal,
    isEnding: false,
    failure: undefined,
  };
}

/** Waits for answers that are about to come: one commit and one look at what is due will do for all of them. */
export async function gather(state: DeliveryState, clock: Clock): Promise<void> {
  if (state.accepted.length === 0) return;
  // One turn of the event loop, in which all answers that have arrived are read, not just the first. While more are on
  // their way, others will come in a moment.
  await setImmediate();
  if (isTimeToWrite(state)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  state.onTimeToWrite = resolve;
  await Promise.race([clock.sleep(gatheringMs), promise]);
  state.onTimeToWrite = undefined;
}

/** All have answered, or so many that no others are started meanwhile. */
export function isTimeToWrite({ accepted, inFlight }: DeliveryState): boolean {
  return accepted.length >= Math.min(inFlight.size, mostUnwritten);
}
