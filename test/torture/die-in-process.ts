import type { Crash, CrashPoint } from '../../src/runtime/crash-points.ts';

/** Stands for a `kill -9` within this process: from the crash on, nothing gets past a crash point any more. */
export class Died extends Error {}

export interface Mortal {
  readonly crash: Crash;
  /** Lets it die when it passes that point, or any point, for the `count`th time from now. */
  readonly dieAt: (point: CrashPoint | undefined, count: number) => void;
  /** A new life. */
  readonly revive: () => void;
  readonly isDead: () => boolean;
}

/**
 * A transaction that is open when it dies is undone, as after a kill. What others commit later without passing a crash
 * point could as well have been committed just before.
 */
export function createMortal(): Mortal {
  let isDead = false;
  let fatal: { readonly point: CrashPoint | undefined; left: number } | undefined;
  return {
    crash: (point) => {
      // There a death costs the grant, as documented. A refresh that others have under way was over before the death.
      if (point === 'grant-before-commit' && fatal?.point !== point) return;
      if (fatal !== undefined && (fatal.point === undefined || fatal.point === point)) {
        fatal.left -= 1;
        isDead ||= fatal.left === 0;
      }
      if (isDead) throw new Died(`died at ${point}`);
    },
    dieAt: (point, count) => {
      fatal = { point, left: count };
    },
    revive: () => {
      isDead = false;
      fatal = undefined;
    },
    isDead: () => isDead,
  };
}
