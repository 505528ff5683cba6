import type { Io } from '../../io.ts';
import { paint, wantsColour } from '../../report/paint.ts';
import type { RuntimeHealth } from '../../runtime/observe/health.ts';
import type { Report } from '../../runtime/report.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';
import { describeEvent } from './describe-event.ts';
import { describeHealth } from './describe-health.ts';
import { levelOf, logLevels } from './log-events.ts';
import type { LogLevel } from './log-events.ts';

/** How a command that runs on talks, on standard error. */
export const logOptions = {
  'log-format': {
    type: 'string',
    choices: ['pretty', 'json'],
    description: 'Sentences, or one JSON object a line (default: pretty on a terminal, else json)',
  },
  'log-level': {
    type: 'string',
    choices: logLevels,
    description: 'Leave out what matters less (default info)',
  },
  quiet: { type: 'boolean', description: 'Only warnings and errors: the same as --log-level warn' },
} as const satisfies OptionDefinitions;

export interface RuntimeLog {
  readonly report: Report;
  /** Keeps a line on how it stands below the log, where there is a terminal, until disposed. */
  readonly keepStatus: (read: () => Promise<RuntimeHealth>) => Disposable;
}

export function createRuntimeLog(
  flags: Omit<OptionValues<typeof logOptions>, 'color'> & { readonly color: string | undefined },
  io: Io,
  now: () => Date = () => new Date(),
): RuntimeLog {
  const isPretty = (flags['log-format'] ?? (io.isErrorTerminal ? 'pretty' : 'json')) === 'pretty';
  const least = logLevels.indexOf(toLevel(flags['log-level']) ?? (flags.quiet === true ? 'warn' : 'info'));
  const style = paint(wantsColour(flags.color, io.environment, io.isErrorTerminal));
  const hasStatus = isPretty && io.isErrorTerminal && flags.quiet !== true;
  const colours = {
    debug: style.faint,
    info: (text: string) => text,
    warn: style.warning,
    error: style.error,
  };
  let status = '';
  const eraseLine = (): string => (status === '' ? '' : '\r\u001B[2K');
  return {
    report: (event) => {
      const level = levelOf(event);
      if (logLevels.indexOf(level) < least) return;
      const time = now().toISOString();
      const line = isPretty
        ? colours[level](`${time.slice(11, 19)} ${describeEvent(event)}`)
        : JSON.stringify({ time, level, ...event });
      io.stderr.write(`${eraseLine()}${line}\n${status}`);
    },
    keepStatus: (read) => {
      if (!hasStatus) return { [Symbol.dispose]: () => undefined };
      let isOver = false;
      const show = async (): Promise<void> => {
        const said = await read().then(
          (health) => describeHealth(health, now().getTime()),
          () => 'the state cannot be read',
        );
        if (isOver) return;
        const text = said.slice(0, io.columns - 1);
        io.stderr.write(`${eraseLine()}${style.faint(text)}`);
        status = style.faint(text);
      };
      void show();
      const timer = setInterval(() => void show(), statusMs);
      return {
        [Symbol.dispose]: () => {
          isOver = true;
          clearInterval(timer);
          io.stderr.write(eraseLine());
          status = '';
        },
      };
    },
  };
}

const statusMs = 1000;

function toLevel(text: string | undefined): LogLevel | undefined {
  return logLevels.find((level) => level === text);
}
