import {
  arithmetic,
  requestsADay,
  requestsADayOfAnApp,
  requestsAMinute,
  requestsAMinuteOfABusiness,
  written,
  type Load,
} from '../poll-load.ts';
import type { Rule, RunReport } from '../rule.ts';

export default {
  id: 'quota-exceeded',
  severity: 'warning',
  summary: 'more polls than Sage answers',
  why: 'Sage allows an app 1,296,000 requests a day, which is 15 a second for all its users together, and answers 429 to the rest. It publishes no limit for one business; `sagecfg run` keeps to 100 requests a minute unless `runtime.budget` says otherwise. Each poll of a resource takes at least one request, and one more where Sage lists what was deleted. With more than that every poll comes later than its interval says, and later each time. All files of one run count together.',
  examples: [
    {
      bad: `${manyInstances(1)}${'- *tenant\n'.repeat(25)}`,
      says: [
        '26 instances ask one business for 104 requests a minute (104 lists, every minute): expected at most 100',
      ],
      good: `${manyInstances(5)}${'- *tenant\n'.repeat(25)}`,
    },
  ],
  *checkRun(loads) {
    for (const group of Map.groupBy(loads, ({ app }) => app).values()) yield* checkApp(group);
    for (const group of Map.groupBy(loads, ({ business }) => business).values()) yield* checkBusiness(group);
  },
} satisfies Rule;

function manyInstances(minutes: number): string {
  const head = '- &tenant\n  element: {key: sageone}\n  configuration:\n    business: 7d1810bfee0d5627\n';
  const interval = `    event.poller.refresh_interval: ${minutes}\n    event.poller.configuration:\n`;
  return `${head}${interval}      customers: {url: /hubs/finance/customers}\n      invoices: {url: /hubs/finance/invoices}\n`;
}

function* checkApp(loads: readonly Load[]): Iterable<RunReport> {
  const requests = requestsADay(loads);
  if (requests <= requestsADayOfAnApp) return;
  yield report(loads, {
    message: `${counted(loads)} for ${written(requests)} requests a day (${arithmetic(loads)}): expected at most ${written(requestsADayOfAnApp)}`,
    help: `Sage allows an app that many, 15 a second, and answers 429 to the rest. ${advice(requests / requestsADayOfAnApp, loads)}`,
  });
}

function* checkBusiness(loads: readonly Load[]): Iterable<RunReport> {
  const requests = requestsAMinute(loads);
  if (requests <= requestsAMinuteOfABusiness) return;
  yield report(loads, {
    message: `${counted(loads)} one business for ${written(requests)} requests a minute (${arithmetic(loads)}): expected at most ${requestsAMinuteOfABusiness}`,
    help: `sagecfg run keeps to that many, so polls come late. ${advice(requests / requestsAMinuteOfABusiness, loads)}`,
  });
}

/** Said once, of the first instance: it is the sum that is too much. */
function report(loads: readonly Load[], said: Pick<RunReport, 'message' | 'help'>): RunReport {
  const [first] = loads;
  if (first === undefined) throw new Error('a sum of nothing exceeds nothing');
  return { load: first, leaf: first.place, ...said };
}

function counted(loads: readonly Load[]): string {
  return loads.length === 1 ? 'the instance asks' : `${written(loads.length)} instances ask`;
}

function advice(factor: number, loads: readonly Load[]): string {
  const longest = Math.max(...loads.map(({ minutes }) => minutes));
  return `It would fit with intervals ${written(Math.ceil(factor * 10) / 10)} times as long, such as ${Math.ceil(longest * factor)} minutes, or with fewer resources.`;
}
