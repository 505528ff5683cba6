import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Io } from '../io.ts';
import { applyPlan, findObstacles } from '../platform/apply-plan.ts';
import type { ActionOutcome } from '../platform/apply-ports.ts';
import type { Plan } from '../platform/plan-instances.ts';
import { hasWork, reportPlan, type PlanReport } from '../platform/plan-report.ts';
import { renderPlan } from '../platform/render-plan.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import { paint, wantsColour } from '../report/paint.ts';
import { visibleText } from '../report/visible-text.ts';
import { systemClock } from '../sage/clock.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { askOptions, askOptionsFrom } from './shared/ask-options.ts';
import { makePlan, planOptions, readPlannedFiles, referencesOf } from './shared/make-plan.ts';
import { openRegistrations, registrationOptions } from './shared/open-registrations.ts';
import { inputOptions } from './shared/options.ts';
import {
  concurrencyFrom,
  openPlatform,
  platformAccountFrom,
  platformOptions,
} from './shared/platform-options.ts';
import { createPlatformLogin } from './shared/platform-login.ts';
import { openPrompter } from './shared/prompter.ts';

const options = {
  yes: { type: 'boolean', alias: 'y', description: 'Do not ask; needed where nobody can be asked' },
  plan: {
    type: 'string',
    placeholder: 'FILE',
    description:
      'Do what this saved plan says, without asking; refuse when that is not what there is to do any more',
  },
  ...planOptions,
  login: {
    type: 'boolean',
    negatable: true,
    description:
      'Where the platform needs access and the file has none, ask the user in the browser (default at a terminal)',
  },
  ...askOptions,
  'settle-seconds': {
    type: 'number',
    placeholder: 'N',
    description:
      'How long a creation whose answer was lost may still be under way: looked for so long before it is repeated (default 10)',
  },
  format: {
    type: 'string',
    alias: 'f',
    choices: ['text', 'json'],
    description: 'Form of the result on standard output (default text)',
  },
  ...registrationOptions,
  ...platformOptions,
  ...inputOptions,
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Make the instances on the platform what the files say, and keep their ids and tokens',
  positional: { name: 'files..', description: 'Files, globs or folders; - for standard input' },
  options,
  examples: [
    ["sagecfg apply 'tenants/*.yaml'", 'shows the plan, asks, and does it'],
    ['sagecfg apply --only acme --yes acme.yaml', 'one instance, without asking'],
    ['sagecfg apply --plan plan.json', 'what sagecfg plan -o plan.json has saved, and nothing else'],
  ],
  async run({ names, options: values, io }) {
    requireConsent(values, io);
    const read = await readPlannedFiles(names, values, 'nothing was applied', io);
    if (read === undefined) return exitCodes.problems;
    if (read.unreadable.length > 0) return exitCodes.unreadable;
    const account = platformAccountFrom(values, read.settings.platform, io);
    const concurrency = concurrencyFrom(values);
    await using platform = await openPlatform(account, concurrency);
    const plan = await makePlan(read.files, values, { ...platform, concurrency, io });
    const references = referencesOf(io);
    const report = reportPlan(plan, { platform: account.baseUrl, references });
    await requireSamePlan(report, values, io);
    io.stderr.write(renderPlan(report, paint(wantsColour(values.color, io.environment, io.isErrorTerminal))));
    const canLogIn = values.login ?? io.isInteractive;
    refuseObstacles(plan, { canLogIn, io });
    if (hasWork(report) && !(await mayApply(values, io))) return exitCodes.problems;
    await using kept = await openRegistrations(plan, { flags: values, settings: read.settings.runtime, io });
    const stop = new AbortController();
    using _ = stopOnInterrupt(stop, io);
    const outcomes = await applyPlan(plan, {
      client: platform.client,
      platform: account.baseUrl,
      registrations: kept.registrations,
      references,
      clock: systemClock,
      ...(canLogIn && {
        logIn: createPlatformLogin({ account, http: platform.http, io, ...askOptionsFrom(values, io) }),
      }),
      settleMs: settleMsFrom(values),
      concurrency,
      signal: stop.signal,
      report: progressOf(plan, io),
    });
    return showResult(outcomes, { place: kept.place, format: values.format }, io);
  },
});

/** Asked for before anything is read, so that a pipeline learns of it at once. */
function requireConsent({ yes, plan }: Values, { isInteractive }: Io): void {
  if (yes === true || plan !== undefined || isInteractive) return;
  throw new SagecfgError(
    'usage',
    'nobody can be asked here: add --yes, or save a plan with sagecfg plan -o FILE and add --plan FILE',
  );
}

async function mayApply({ yes, plan }: Values, io: Io): Promise<boolean> {
  if (yes === true || plan !== undefined) return true;
  const stop = new AbortController();
  using _ = io.onInterrupt(() => stop.abort());
  using prompter = openPrompter(io);
  const answer = await prompter
    .ask('Apply this? Only yes means yes: ', { signal: stop.signal })
    .catch((error: unknown) => {
      if (stop.signal.aborted) return undefined;
      throw error;
    });
  if (answer?.trim().toLowerCase() === 'yes') return true;
  io.stderr.write('nothing was applied\n');
  return false;
}

/** A saved plan is a promise of what will happen: what has changed since is for a person to look at. */
async function requireSamePlan(report: PlanReport, { plan: file }: Values, io: Io): Promise<void> {
  if (file === undefined) return;
  const text = await readFile(resolve(io.workingDirectory, file), 'utf8').catch((cause: unknown) => {
    throw new SagecfgError('unreadable', `cannot read the plan ${JSON.stringify(file)}`, { cause });
  });
  const saved = fingerprintIn(text);
  if (saved === undefined)
    throw new SagecfgError(
      'usage',
      `--plan ${JSON.stringify(file)}: that is no plan that sagecfg plan -o has saved`,
    );
  if (saved === report.fingerprint) return;
  throw new SagecfgError(
    'refused',
    `the saved plan ${JSON.stringify(file)} is not what there is to do any more: nothing was applied; run sagecfg plan again, with the same files and flags`,
  );
}

function fingerprintIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const fields = new Map<string, unknown>(Object.entries(Object(value)));
    const fingerprint = fields.get('fingerprint');
    return typeof fingerprint === 'string' ? fingerprint : undefined;
  } catch {
    // The caller says that it is no plan.
    return undefined;
  }
}

function refuseObstacles(
  plan: Plan,
  { canLogIn, io }: { readonly canLogIn: boolean; readonly io: Io },
): void {
  const obstacles = findObstacles(plan, { references: referencesOf(io), canLogIn });
  if (obstacles.length === 0) return;
  const shown = obstacles.slice(0, 10).map(({ name, why }) => `  ${visibleText(name)}: ${visibleText(why)}`);
  const more = obstacles.length > 10 ? [`  and ${obstacles.length - 10} more`] : [];
  throw new SagecfgError(
    'refused',
    ['nothing was applied, because this cannot be done (--only NAME leaves it out):', ...shown, ...more].join(
      '\n',
    ),
  );
}

/** The first interrupt lets what is under way come to its end; the second ends the process as if nobody listened. */
function stopOnInterrupt(stop: AbortController, io: Io): Disposable {
  const interrupts = io.onInterrupt((signal) => {
    if (stop.signal.aborted) {
      interrupts[Symbol.dispose]();
      process.kill(process.pid, signal);
      return;
    }
    io.stderr.write('stopping; once more to stop at once. A later apply goes on where this one ended\n');
    stop.abort();
  });
  return interrupts;
}

function settleMsFrom({ 'settle-seconds': seconds = 10 }: Values): number {
  return seconds * 1000;
}

/** A line for each action that is over, but for those that had nothing to do. */
function progressOf({ actions }: Plan, io: Io): (outcome: ActionOutcome) => void {
  const total = actions.filter(({ kind }) => kind !== 'keep').length;
  let count = 0;
  return (outcome) => {
    if (outcome.action === 'keep' && outcome.status !== 'failed') return;
    count += 1;
    io.stderr.write(`[${Math.min(count, total)}/${total}] ${describeOutcome(outcome)}\n`);
  };
}

const done = {
  create: 'created',
  change: 'changed',
  delete: 'deleted',
  keep: 'kept',
  refused: 'refused',
} as const;

function describeOutcome({ action, name, id, status, message }: ActionOutcome): string {
  const label = `${visibleText(name)}${id === undefined ? '' : ` (${visibleText(id)})`}`;
  const verb =
    status === 'done' ? done[action] : status === 'failed' ? `could not ${action}` : `did not ${action}`;
  return `${verb} ${label}${message === undefined ? '' : `: ${visibleText(message)}`}`;
}

function showResult(
  outcomes: readonly ActionOutcome[],
  { place, format }: { readonly place: string; readonly format: string | undefined },
  io: Io,
): ExitCode {
  const count = (status: ActionOutcome['status'], action?: ActionOutcome['action']): number =>
    outcomes.filter((each) => each.status === status && (action ?? each.action) === each.action).length;
  const summary = {
    created: count('done', 'create'),
    changed: count('done', 'change'),
    deleted: count('done', 'delete'),
    kept: count('done', 'keep'),
    failed: count('failed'),
    skipped: count('skipped'),
  };
  if (format === 'json') io.stdout.write(`${JSON.stringify({ summary, outcomes })}\n`);
  else {
    const parts = Object.entries(summary).map(([word, number]) => `${number} ${word}`);
    io.stdout.write(`${parts.join(', ')}; ids and tokens are in ${place}\n`);
  }
  return summary.failed + summary.skipped > 0 ? exitCodes.problems : exitCodes.clean;
}
