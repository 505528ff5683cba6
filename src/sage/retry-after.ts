/** A server that asks for more than this is asked again sooner: a wrong date must not stop a poll for years. */
const longestWaitMs = 24 * 3_600_000;

/** Milliseconds to wait by a `Retry-After` header: seconds, or an HTTP date, which is compared with the server's time. */
export function parseRetryAfter(value: string | undefined, serverTimeMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - serverTimeMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), longestWaitMs);
}
