import { resolve } from 'node:path';
import { writeText } from '../input/write-text.ts';
import { hasWork, reportPlan } from '../platform/plan-report.ts';
import { renderPlan } from '../platform/render-plan.ts';
import { exitCodes } from '../problem/sagecfg-error.ts';
import { paint, wantsColour } from '../report/paint.ts';
import { defineCommand } from './command.ts';
import { makePlan, planOptions, readPlannedFiles, referencesOf } from './shared/make-plan.ts';
import { observedRequests } from './shared/observed-requests.ts';
import { inputOptions } from './shared/options.ts';
import {
  concurrencyFrom,
  openPlatform,
  platformAccountFrom,
  platformOptions,
} from './shared/platform-options.ts';
import { stateOptions } from './shared/state-options.ts';

const options = {
  ...planOptions,
  quota: {
    type: 'boolean',
    description:
      'Show instead what the polls ask of Sage in a day, as the latest ones did where there is a state, and the intervals that fit; asks no platform; exit code 1 when they do not fit',
  },
  store: { ...stateOptions.store, description: 'With --quota: the state that knows how large polls are' },
  state: stateOptions.state,
  format: {
    type: 'string',
    alias: 'f',
    choices: ['text', 'json'],
    description: 'Form of what is printed (default text)',
  },
  'output-file': {
    type: 'string',
    alias: 'o',
    placeholder: 'FILE',
    description:
      'Also save the plan there, as JSON without secrets: apply --plan FILE does this and nothing else',
  },
  ...platformOptions,
  ...inputOptions,
} as const;

export default defineCommand({
  summary: 'Show what apply would change on the platform; exit code 1 when there is something',
  positional: { name: 'files..', description: 'Files, globs or folders; - for standard input' },
  options,
  examples: [
    ["sagecfg plan 'tenants/*.yaml'", 'compares each file with its live instance, key by key'],
    ['sagecfg plan --prune -o plan.json', 'with what would be deleted; saved for apply --plan plan.json'],
    ["sagecfg plan --quota 'tenants/*.yaml'", 'requests a day, by app, tenant and resource'],
  ],
  async run({ names, options: values, io }) {
    const read = await readPlannedFiles(names, values, 'nothing was planned', io);
    if (read === undefined) return exitCodes.problems;
    if (read.unreadable.length > 0) return exitCodes.unreadable;
    if (values.quota === true) {
      const { planQuota, renderQuota } = await import('./shared/plan-quota.ts');
      const instances = read.files.flatMap(({ linted }) => linted.instances);
      const quota = planQuota(instances, read.settings.runtime, await observedRequests(values, io));
      io.stdout.write(
        values.format === 'json' ? `${JSON.stringify(quota, undefined, 2)}\n` : renderQuota(quota),
      );
      return quota.fits ? exitCodes.clean : exitCodes.problems;
    }
    const account = platformAccountFrom(values, read.settings.platform, io);
    const concurrency = concurrencyFrom(values);
    await using platform = await openPlatform(account, concurrency);
    const plan = await makePlan(read.files, values, { ...platform, concurrency, io });
    const report = reportPlan(plan, { platform: account.baseUrl, references: referencesOf(io) });
    const json = `${JSON.stringify(report, undefined, 2)}\n`;
    const file = values['output-file'];
    if (file !== undefined) await writeText(resolve(io.workingDirectory, file), json);
    const style = paint(wantsColour(values.color, io.environment, io.isTerminal));
    io.stdout.write(values.format === 'json' ? json : renderPlan(report, style));
    return hasWork(report) ? exitCodes.problems : exitCodes.clean;
  },
});
