import { commandNames, loadCommand } from './commands/index.ts';
import type { Io } from './io.ts';
import { parseCommandLine } from './command-line/parse-command-line.ts';
import { commandHelp, rootHelp } from './command-line/help.ts';
import { didYouMean } from './problem/did-you-mean.ts';
import { exitCodes, SagecfgError, type ExitCode } from './problem/sagecfg-error.ts';
import { version } from './version.ts';

/** Runs one command line, without the name of the program, and gives the exit code. Everything goes through `io`. */
export async function main(argumentList: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(argumentList, io);
  } catch (error) {
    return reportError(error, io);
  }
}

async function dispatch(argumentList: readonly string[], io: Io): Promise<ExitCode> {
  const [first, ...rest] = argumentList;
  if (first === '--version' || first === '-V') return print(`${version}\n`, io);
  if (first === undefined || first === '--help' || first === '-h') {
    const help = await rootHelp();
    if (first !== undefined) return print(help, io);
    io.stderr.write(help);
    return exitCodes.usage;
  }
  if (first === 'help') return help(rest[0], io);
  if (!commandNames.includes(first)) throw unknownCommand(first);

  const command = await loadCommand(first);
  if (asksForHelp(rest)) return print(await commandHelp(first, command), io);
  return command.run({ ...parseCommandLine(first, command, rest), io });
}

function asksForHelp(argumentList: readonly string[]): boolean {
  const end = argumentList.indexOf('--');
  const flags = end === -1 ? argumentList : argumentList.slice(0, end);
  return flags.includes('--help') || flags.includes('-h');
}

async function help(name: string | undefined, io: Io): Promise<ExitCode> {
  if (name === undefined) return print(await rootHelp(), io);
  if (!commandNames.includes(name)) throw unknownCommand(name);
  return print(await commandHelp(name, await loadCommand(name)), io);
}

function print(text: string, io: Io): ExitCode {
  io.stdout.write(text);
  return exitCodes.clean;
}

function unknownCommand(name: string): SagecfgError {
  if (name.startsWith('-'))
    return new SagecfgError(
      'usage',
      `unknown option ${JSON.stringify(name)} before the command; see sagecfg --help`,
    );
  const suggestion = didYouMean(name, commandNames);
  const hint =
    suggestion === undefined ? `expected one of ${commandNames.join(', ')}` : `did you mean "${suggestion}"?`;
  return new SagecfgError('usage', `unknown command ${JSON.stringify(name)}: ${hint}`);
}

/** The only place where what was thrown is printed: a known error as its line, an unknown one as the bug that it is. */
function reportError(error: unknown, io: Io): ExitCode {
  if (error instanceof SagecfgError) {
    io.stderr.write(`sagecfg: ${error.message}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`${stack}\nsagecfg ${version}: this is a bug; please report it with the lines above\n`);
  return exitCodes.bug;
}
