import type { Io } from '../io.ts';
import { applyPlan, findObstacles } from '../platform/apply-plan.ts';
import type { Plan } from '../platform/plan-instances.ts';
import { hasWork, reportPlan } from '../platform/plan-report.ts';
import { renderPlan } from '../platform/render-plan.ts';
import { exitCodes, SagecfgError } from '../problem/sagecfg-error.ts';
import { paint, wantsColour } from '../report/paint.ts';
import { visibleText } from '../report/visible-text.ts';
import { systemClock } from '../sage/clock.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { mayApply, requireConsent } from './shared/apply-consent.ts';
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
import { requireSamePlan } from './shared/saved-plan.ts';
import { progressOf, showResult } from './shared/show-outcomes.ts';

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
    if (values.plan !== undefined) await requireSamePlan(report, values.plan, io);
    io.stderr.write(renderPlan(report, paint(wantsColour(values.color, io.environment, io.isErrorTerminal))));
    const canLogIn = values.login ?? io.isInteractive;
    refuseObstacles(plan, { canLogIn, io });
    await using kept = await openRegistrations(plan, { flags: values, settings: read.settings.runtime, io });
    if (hasWork(report) && !(await mayApply(values, io))) return exitCodes.problems;
    const stop = new AbortController();
    using _ = stopOnInterrupt(stop, io);
    const outcomes = await applyPlan(plan, {
      client: platform.client,
      platform: account.baseUrl,
      registrations: kept.registrations,
      references,
      clock: systemClock,
      ...(canLogIn && {
        logIn: createPlatformLogin({
          signal: stop.signal,
          account,
          http: platform.http,
          io,
          ...askOptionsFrom(values, io),
        }),
      }),
      settleMs: settleMsFrom(values),
      concurrency,
      signal: stop.signal,
      report: progressOf(plan, io),
    });
    return showResult(outcomes, { place: kept.place, format: values.format }, io);
  },
});

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
    [
      'nothing was applied, because this cannot be done; --only NAME works on one of the others alone:',
      ...shown,
      ...more,
    ].join('\n'),
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
