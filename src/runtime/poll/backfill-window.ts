/** What a backfill reads again, epoch milliseconds in whole seconds. */
export interface BackfillWindow {
  readonly fromMs: number;
  /** Undefined: up to now. */
  readonly untilMs: number | undefined;
}

/** Names a time that is read again: `2026-11-01T00:00:00Z..`. */
export function windowName({ fromMs, untilMs }: BackfillWindow): string {
  return `${isoOf(fromMs)}..${untilMs === undefined ? '' : isoOf(untilMs)}`;
}

export function parseWindowName(name: string): BackfillWindow {
  const [from = '', until = ''] = name.split('..');
  return { fromMs: Date.parse(from), untilMs: until === '' ? undefined : Date.parse(until) };
}

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('.000Z', 'Z');
}
