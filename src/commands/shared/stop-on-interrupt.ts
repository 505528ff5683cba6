import type { Io } from '../../io.ts';
import type { Report } from '../../runtime/report.ts';
import type { Runtime } from '../../runtime/runtime.ts';

export interface Interrupts extends Disposable {
  /** Aborts at the first interrupt. */
  readonly signal: AbortSignal;
  /** The runtime that an interrupt stops. */
  readonly watch: (runtime: Runtime) => void;
}

/**
 * The first interrupt lets what is under way come to its end, for `drainMs` at most; the second ends the process as if
 * nobody listened. Neither cuts a token refresh, which would cost the instance its grant.
 */
export function stopOnInterrupt(
  { drainMs, report }: { readonly drainMs: number; readonly report: Report },
  io: Io,
): Interrupts {
  const stop = new AbortController();
  let running: Runtime | undefined;
  let drain: NodeJS.Timeout | undefined;
  const interrupts = io.onInterrupt((signal) => {
    if (stop.signal.aborted) {
      void endAtOnce(signal);
      return;
    }
    report({ kind: 'stopping', signal, drainMs });
    stop.abort();
    drain = setTimeout(() => void running?.cutOff(), drainMs);
  });
  async function endAtOnce(signal: NodeJS.Signals): Promise<void> {
    await running?.refreshesSettled();
    interrupts[Symbol.dispose]();
    process.kill(process.pid, signal);
  }
  return {
    signal: stop.signal,
    watch: (runtime) => (running = runtime),
    [Symbol.dispose]: () => {
      clearTimeout(drain);
      interrupts[Symbol.dispose]();
    },
  };
}
