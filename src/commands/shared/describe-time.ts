const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const;

/** `12 s`, `3 min`, `5 h`, `2 d`: as much as tells whether to worry. */
export function describeDuration(milliseconds: number): string {
  const unit = units.find(({ ms }) => milliseconds >= ms * 2) ?? { name: 's', ms: 1000 };
  return `${Math.max(0, Math.floor(milliseconds / unit.ms))} ${unit.name}`;
}

/** `3 min ago`, `in 12 s`, `now`; `-` where there is no time. */
export function describeTime(epochMs: number | undefined, nowMs: number): string {
  if (epochMs === undefined) return '-';
  const distance = Math.abs(nowMs - epochMs);
  if (distance < 1000) return 'now';
  return epochMs < nowMs ? `${describeDuration(distance)} ago` : `in ${describeDuration(distance)}`;
}
