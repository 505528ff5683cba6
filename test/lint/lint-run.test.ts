import { expect, it } from 'vitest';
import { lintRun } from '../../src/lint/lint-run.ts';
import { lintText } from '../../src/lint/lint-text.ts';

interface Tenant {
  readonly minutes: number;
  readonly resources: readonly string[];
  readonly app?: string;
}

function bodyOf({ minutes, resources, app = '${env:ID}' }: Tenant): string {
  const entries = resources.map((name) => [name, { url: `/hubs/finance/${name}`, idField: 'id' }]);
  const configuration = {
    'oauth.api.key': app,
    'event.poller.refresh_interval': minutes,
    'event.poller.configuration': Object.fromEntries(entries) as object,
  };
  return JSON.stringify({ element: { key: 'sageone' }, configuration }, null, 2);
}

function quotaProblems(texts: readonly string[], severities?: ReadonlyMap<string, 'off' | 'error'>) {
  const inputs = texts.map((text) => ({ linted: lintText(text), severities }));
  return lintRun(inputs).map(({ problems }) => problems.filter(({ rule }) => rule === 'quota-exceeded'));
}

const busy: Tenant = { minutes: 1, resources: ['customers', 'invoices'] };

it('adds up the requests of all files of a run, and says the sum once', () => {
  const [first = [], ...others] = quotaProblems(Array.from({ length: 226 }, () => bodyOf(busy)));
  expect(first.map(({ message }) => message)).toEqual([
    '226 instances ask for 1,301,760 requests a day (904 lists, every minute): expected at most 1,296,000',
  ]);
  expect(first[0]?.pointer).toBe('/configuration/event.poller.refresh_interval');
  expect(others.flat()).toEqual([]);
});

it('is silent up to the limit', () => {
  expect(quotaProblems(Array.from({ length: 225 }, () => bodyOf(busy))).flat()).toEqual([]);
});

it('counts each app for itself', () => {
  const texts = Array.from({ length: 226 }, (_, index) =>
    bodyOf({ ...busy, app: `\${env:ID_${index % 2}}` }),
  );
  expect(quotaProblems(texts).flat()).toEqual([]);
});

it('counts one request where Sage cannot list what was deleted, and none of an instance that is off', () => {
  const lists: Tenant = { minutes: 1, resources: ['sales-quotes'] };
  expect(quotaProblems(Array.from({ length: 900 }, () => bodyOf(lists))).flat()).toEqual([]);
  expect(quotaProblems(Array.from({ length: 901 }, () => bodyOf(lists))).flat()).toHaveLength(1);
  const off = bodyOf(lists).replace('"oauth', '"event.notification.enabled": false,\n"oauth');
  expect(quotaProblems(Array.from({ length: 901 }, () => off)).flat()).toEqual([]);
});

it('shows the intervals that the sum is made of', () => {
  const texts = [...Array.from({ length: 226 }, () => bodyOf(busy)), bodyOf({ ...busy, minutes: 15 })];
  const [problem] = quotaProblems(texts).flat();
  expect(problem?.message).toContain('(904 lists, every minute; 4 lists, every 15 minutes)');
});

it('takes its severity from the settings, and keeps out what a comment suppresses', () => {
  const texts = Array.from({ length: 226 }, () => bodyOf(busy));
  expect(quotaProblems(texts, new Map([['quota-exceeded', 'off']])).flat()).toEqual([]);
  const severe = quotaProblems(texts, new Map([['quota-exceeded', 'error']])).flat();
  expect(severe.map(({ severity }) => severity)).toEqual(['error']);
  const commented = `// sagecfg-disable-file quota-exceeded -- agreed with Sage\n${bodyOf(busy)}`;
  expect(quotaProblems([commented, ...texts.slice(1)]).flat()).toEqual([]);
  expect(lintText(commented).problems.filter(({ rule }) => rule === 'unused-suppression')).toEqual([]);
});

it.each([
  ['a.yaml', 'b.yaml', 'another instance in "a.yaml" is called "acme", too: expected a name of its own'],
  [
    'a/x.yaml',
    'a/y.yaml',
    'another instance in "a/x.yaml" is called "acme", too: expected a name of its own',
  ],
  ['staging/acme.yaml', 'production/acme.yaml', undefined],
])('tells two instances of one name in %s and %s: %s', (first, second, says) => {
  const body =
    'name: acme\nelement: {key: sageone}\nconfiguration:\n  event.poller.configuration:\n    customers: {url: /hubs/finance/customers}\n';
  const inputs = [first, second].map((name) => ({ name, linted: lintText(body) }));
  const told = lintRun(inputs).map(({ problems }) => problems.find(({ rule }) => rule === 'duplicate-name'));
  expect(told.map((problem) => problem?.message)).toEqual([undefined, says]);
});
