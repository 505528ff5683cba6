import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { RuntimeOptions } from '../../runtime/runtime.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';
import { inputOptions } from './options.ts';
import { parseInstant } from './parse-instant.ts';
import { logOptions } from './runtime-log.ts';
import { runtimeOptions } from './runtime-options.ts';

const defaultDrainSeconds = 30;

export const runOptions = {
  once: {
    type: 'boolean',
    description: 'Poll each resource once, deliver, and end; exit code 1 when something is left over',
  },
  since: {
    type: 'string',
    placeholder: 'TIME',
    description: 'Beside the polls, read again what changed from then on, and deliver it under the same ids',
  },
  until: { type: 'string', placeholder: 'TIME', description: 'Where --since ends (default: now)' },
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

/** @throws SagecfgError `usage` */
export function backfillFrom({ since, until }: RunValues): RuntimeOptions['backfill'] {
  if (since === undefined) {
    if (until === undefined) return undefined;
    throw new SagecfgError('usage', '--until ends what --since begins: name --since as well');
  }
  const fromMs = wholeSeconds('since', since);
  const untilMs = until === undefined ? undefined : wholeSeconds('until', until);
  if (untilMs !== undefined && untilMs <= fromMs)
    throw new SagecfgError('usage', `--until ${until} is not after --since ${since}`);
  return { fromMs, untilMs };
}

function wholeSeconds(flag: string, text: string): number {
  return Math.floor(parseInstant(flag, text) / 1000) * 1000;
}
