const firstWaitMs = 2000;
const longestWaitMs = 15 * 60_000;

/**
 * How long a poll waits after its failures in a row: doubling, with full jitter, but never less than a second and what
 * the source asked for.
 */
export function backoffMs(
  failures: number,
  { retryAfterMs = 0, random }: { readonly retryAfterMs?: number | undefined; readonly random: () => number },
): number {
  const ceilingMs = Math.min(firstWaitMs * 2 ** Math.min(failures, 20), longestWaitMs);
  return Math.max(1000, retryAfterMs, Math.round(random() * ceilingMs));
}
