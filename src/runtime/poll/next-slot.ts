import { createHash } from 'node:crypto';

/**
 * The next due time after `nowMs`. Every poll has its own phase within the interval, always the same, so that many
 * instances spread out and a restart does not gather them. A slot that is less than half an interval away is left out.
 */
export function nextSlot(key: string, intervalMs: number, nowMs: number): number {
  const phaseMs = createHash('sha256').update(key).digest().readUInt32BE(0) % intervalMs;
  const slotMs = Math.floor((nowMs - phaseMs) / intervalMs) * intervalMs + phaseMs + intervalMs;
  return slotMs - nowMs < intervalMs / 2 ? slotMs + intervalMs : slotMs;
}

/**
 * When a poll is due. A time that lies further ahead than any slot was set by a clock that ran ahead, or for a longer
 * interval: to wait for it could take hours, to poll now does no harm.
 */
export function dueTime(dueMs: number, intervalMs: number, nowMs: number): number {
  return dueMs - nowMs > 1.5 * intervalMs ? nowMs : dueMs;
}
