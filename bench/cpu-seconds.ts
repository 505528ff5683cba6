import { readFileSync } from 'node:fs';

/**
 * Seconds of processor that a living process has used, on Linux; a hundredth of a second is the clock's tick. With
 * `ofChildren` those of its children that have ended count as well.
 */
export function cpuSecondsOf(
  pid: number,
  { ofChildren = false }: { readonly ofChildren?: boolean } = {},
): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = fields.slice(11, ofChildren ? 15 : 13).map(Number);
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}
