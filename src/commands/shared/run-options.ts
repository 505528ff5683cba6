import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { RuntimeOptions } from '../../runtime/runtime.ts';
import type { StoreAddress } from '../../runtime/store-address.ts';
import { defaultWorker } from '../../runtime/worker-options.ts';
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
  'dry-run': {
    type: 'boolean',
    description: 'Poll once, show requests, decisions and notifications, and neither send nor write anything',
  },
  format: {
    type: 'string',
    alias: 'f',
    choices: ['text', 'json'],
    description: 'Form of what --dry-run shows (default text)',
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
  role: {
    type: 'list',
    choices: ['poll', 'deliver'],
    description: 'With Postgres: what this process does (default both); may be repeated',
  },
  concurrency: {
    type: 'number',
    placeholder: 'N',
    description: `With Postgres: polls at once in this process, and as many instances delivered to (default ${defaultWorker.concurrency})`,
  },
  ...logOptions,
  ...runtimeOptions,
  ...inputOptions,
} as const satisfies OptionDefinitions;

export type RunValues = OptionValues<typeof runOptions>;

/** Throws `SagecfgError` for what only several processes on a database can do, or only one on a state file. */
export function workerFrom(values: RunValues, store: StoreAddress): Pick<RuntimeOptions, 'worker'> {
  const { role: roles, concurrency } = values;
  if (store.kind === 'sqlite') {
    const flag = roles === undefined ? '--concurrency' : '--role';
    if (roles === undefined && concurrency === undefined) return {};
    throw new SagecfgError(
      'usage',
      `${flag} needs --store postgres://…: one process has a state file, and does all`,
    );
  }
  if (values.since !== undefined && roles !== undefined && !roles.includes('poll')) {
    throw new SagecfgError(
      'usage',
      '--since reads from Sage, and --role deliver does not: leave out one of them',
    );
  }
  if (concurrency !== undefined && (concurrency < 1 || !Number.isInteger(concurrency))) {
    throw new SagecfgError('usage', `--concurrency is ${concurrency}: expected a whole number from 1`);
  }
  return {
    worker: {
      roles: defaultWorker.roles.filter((role) => roles === undefined || roles.includes(role)),
      concurrency: concurrency ?? defaultWorker.concurrency,
    },
  };
}

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
