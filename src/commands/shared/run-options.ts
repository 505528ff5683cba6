import type { OptionDefinitions, OptionValues } from '../command.ts';
import { inputOptions } from './options.ts';
import { logOptions } from './runtime-log.ts';
import { runtimeOptions } from './runtime-options.ts';

const defaultDrainSeconds = 30;

export const runOptions = {
  once: {
    type: 'boolean',
    description: 'Poll each resource once, deliver, and end; exit code 1 when something is left over',
  },
  watch: {
    type: 'boolean',
    negatable: true,
    description: 'With --no-watch, changed files are taken over at SIGHUP only',
  },
  'drain-seconds': {
    type: 'number',
    placeholder: 'N',
    description: `How long what is under way may go on after SIGTERM or Ctrl-C (default ${defaultDrainSeconds})`,
  },
  ...logOptions,
  ...runtimeOptions,
  ...inputOptions,
} as const satisfies OptionDefinitions;

export type RunValues = OptionValues<typeof runOptions>;

export function drainMsFrom(values: RunValues): number {
  return (values['drain-seconds'] ?? defaultDrainSeconds) * 1000;
}
