// What the package's command runs, by way of .scripts/start.ts.
import { isatty } from 'node:tty';
import { main } from './cli.ts';
import type { Io } from './io.ts';
import { exitCodes } from './problem/sagecfg-error.ts';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) closes the pipe: no reason to complain.
    if (error.code === 'EPIPE') return;
    process.stderr.write(`sagecfg: cannot write the output: ${error.message}\n`);
    process.exit(exitCodes.unreadable);
  });
}

const io: Io = {
  // Opened only when it is read: that alone costs a tenth of the start.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  workingDirectory: process.cwd(),
  isTerminal: process.stdout.isTTY,
  get isInteractive() {
    return isatty(0) && isatty(2);
  },
  isErrorTerminal: process.stderr.isTTY,
  // A terminal that is closed hangs up too: there, nobody is left to ask for a reload.
  onInterrupt: (listener) =>
    onSignals(process.stderr.isTTY ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'], listener),
  onHangUp: (listener) => onSignals(process.stderr.isTTY ? [] : ['SIGHUP'], listener),
  columns: process.stdout.columns ?? 100,
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
}

// `main` turns every error into an exit code, so this never rejects.
void run();
