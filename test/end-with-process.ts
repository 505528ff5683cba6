/** What has to end with this process, however it ends; called once, and cannot wait. */
type End = () => void;

const ends = new Set<End>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Child processes and folders outlive a process that is interrupted, because no `using` runs then. Calls `end` when this
 * process exits or is told to; `forget` when it has ended already. A `kill -9` leaves everything where it is.
 */
export function endWithProcess(end: End): { readonly forget: () => void } {
  if (ends.size === 0) listen();
  ends.add(end);
  return {
    forget: () => {
      ends.delete(end);
      if (ends.size === 0) stopListening();
    },
  };
}

function listen(): void {
  process.on('exit', endAll);
  for (const signal of signals) process.on(signal, endAndDie);
}

function stopListening(): void {
  process.off('exit', endAll);
  for (const signal of signals) process.off(signal, endAndDie);
}

/** Dies of the signal, as it would have without this. */
function endAndDie(signal: NodeJS.Signals): void {
  endAll();
  stopListening();
  process.kill(process.pid, signal);
}

function endAll(): void {
  for (const end of ends) end();
  ends.clear();
}
