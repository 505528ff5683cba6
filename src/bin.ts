// What the package's command runs, by way of .scripts/start.ts.
import { main } from './cli.ts';
import type { Io } from './io.ts';
import { openOutput } from './output.ts';
import { exitCodes } from './problem/sagecfg-error.ts';

const stderr = openOutput(2, () => process.exit(exitCodes.unreadable));
const stdout = openOutput(1, (error) => {
  stderr.write(`sagecfg: cannot write the output: ${error.message}\n`);
  process.exit(exitCodes.unreadable);
});

const io: Io = {
  // Opened only when it is read: that alone costs a tenth of the start.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
  environment: process.env,
  workingDirectory: process.cwd(),
  isTerminal: stdout.isTTY === true,
  get isInteractive() {
    return process.stdin.isTTY && stderr.isTTY === true;
  },
  isErrorTerminal: stderr.isTTY === true,
  // A terminal that is closed hangs up too: there, nobody is left to ask for a reload.
  onInterrupt: (listener) =>
    onSignals(stderr.isTTY === true ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'], listener),
  onHangUp: (listener) => onSignals(stderr.isTTY === true ? [] : ['SIGHUP'], listener),
  columns: stdout.columns ?? 100,
};

function onSignals(
  signals: readonly NodeJS.Signals[],
  listener: (signal: NodeJS.Signals) => void,
): Disposable {
  for (const signal of signals) process.on(signal, listener);
  return {
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}

async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), io);
  // To take the whole heap down piece by piece costs a twentieth of a start.
  if (stdout.isWritten() && stderr.isWritten()) process.exit();
}

// `main` turns every error into an exit code, so this never rejects.
void run();
