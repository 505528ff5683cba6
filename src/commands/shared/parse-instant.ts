import { SagecfgError } from '../../problem/sagecfg-error.ts';

const instant =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * The instant (epoch milliseconds) that a flag names: an ISO date (midnight in UTC), or a time with its zone.
 * @throws SagecfgError `usage` with an example
 */
export function parseInstant(flag: string, text: string): number {
  const { year, month, day } = instant.exec(text)?.groups ?? {};
  const epochMs = Date.parse(text);
  // JavaScript takes the 31st of February for the 3rd of March.
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (day !== undefined && !Number.isNaN(epochMs) && Number(day) <= daysInMonth) return epochMs;
  throw new SagecfgError(
    'usage',
    `--${flag} ${JSON.stringify(text)}: expected a date, or a time with its zone, such as 2026-11-23T10:00:00Z`,
  );
}

/** `2026-11-23T10:00:00Z`; milliseconds only where there are some. */
export function formatInstant(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('.000Z', 'Z');
}
