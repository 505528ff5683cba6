/** The platform's nine retries, in seconds after the first failed attempt: three days in all. */
export const retrySeconds = [4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144] as const;

/** Even where the schedule's time has passed, because an attempt took long. */
const shortestWaitMs = 1000;

/** When a notification is tried again, epoch milliseconds; undefined after the last retry. */
export function nextAttemptMs(attempt: {
  /** Attempts that failed, this one included. */
  readonly failedAttempts: number;
  readonly firstFailedMs: number;
  readonly nowMs: number;
  readonly retryAfterMs: number | undefined;
}): number | undefined {
  const offset = retrySeconds[attempt.failedAttempts - 1];
  if (offset === undefined) return undefined;
  const earliestMs = attempt.nowMs + Math.max(shortestWaitMs, attempt.retryAfterMs ?? 0);
  return Math.max(attempt.firstFailedMs + offset * 1000, earliestMs);
}

/** Answers that speak of the receiver, not of what was sent: to send less at a time would change nothing. */
const receiverStatuses = new Set([401, 403, 404, 405, 407, 408, 410, 425, 429, 502, 503, 504]);

/** True when the receiver seems to choke on the body. */
export function isBodyRefused(status: number): boolean {
  return status >= 400 && !receiverStatuses.has(status);
}
