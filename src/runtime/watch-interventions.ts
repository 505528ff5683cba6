import type { Store } from './ports/store.ts';

const intervalMs = 1000;

/**
 * Calls `onChange` soon after another process has resumed or replayed something. In real time, whatever the clock of the
 * runtime: others do not wait for that.
 */
export function watchInterventions(
  store: Pick<Store, 'interventions'>,
  onChange: () => Promise<void>,
): Disposable {
  let known: number | undefined;
  let isLooking = false;
  const look = async (): Promise<void> => {
    const count = await store.interventions();
    const hasChanged = known !== undefined && count !== known;
    known = count;
    if (hasChanged) await onChange();
  };
  const tick = (): void => {
    if (isLooking) return;
    isLooking = true;
    look()
      // A state that cannot be read is told by whoever needs it.
      .catch(() => undefined)
      .finally(() => {
        isLooking = false;
      });
  };
  tick();
  const timer = setInterval(tick, intervalMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
