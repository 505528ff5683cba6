import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fitToQuota } from '../../src/runtime/fit-to-quota.ts';
import { defaultBudget } from '../../src/runtime/runtime.ts';
import type { Store } from '../../src/runtime/ports/store.ts';
import type { RuntimeEvent } from '../../src/runtime/report.ts';
import { lintText } from '../../src/lint/lint-text.ts';
import { runCommand } from '../command-line.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { operateState } from './operated-state.ts';

function tenant(name: string, { business = '7d1810bfee0d5627', minutes = 1 } = {}): string {
  return `- name: ${name}
  element: {key: sageone}
  configuration:
    business: ${business}
    oauth.api.key: \${env:APP_KEY}
    oauth.api.secret: \${env:APP_SECRET}
    oauth.callback.url: https://app.example.com/callback
    event.notification.enabled: true
    event.notification.signature.key: \${env:SIGNATURE_KEY}
    event.notification.callback.url: https://app.example.com/hook
    event.poller.refresh_interval: ${minutes}
    event.poller.configuration:
      customers: &entry
        url: "/hubs/finance/customers?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at'"
        idField: id
        datesConfiguration: {updatedDateField: updated_at, updatedDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'", createdDateField: created_at, createdDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'"}
      invoices:
        <<: *entry
        url: "/hubs/finance/invoices?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at'"
`;
}

function many(count: number, minutes: number): string {
  return Array.from({ length: count }, (_each, index) =>
    tenant(`t${index}`, { minutes })
      .replaceAll('&entry', `&entry${index}`)
      .replaceAll('*entry', `*entry${index}`),
  ).join('');
}

async function plan(
  text: string,
  ...flags: readonly string[]
): Promise<Awaited<ReturnType<typeof runCommand>>> {
  await using folder = await temporaryFolder({ 'tenants.yaml': text });
  return await runCommand(['plan', '--quota', ...flags, 'tenants.yaml'], { workingDirectory: folder.path });
}

describe('sagecfg plan --quota', () => {
  it('shows what polls ask for, with deletions where Sage lists them', async () => {
    expect(await plan(tenant('acme', { minutes: 15 }))).toEqual({
      exitCode: 0,
      stdout: `app 1: 384 requests a day of 1,296,000
  acme: every 15 min: 384 a day (customers 192 with deletions, invoices 192 with deletions)
estimated: a list of many pages takes more requests than the one that is counted
it fits
`,
      stderr: '',
    });
  });

  it('names the interval that would fit, and ends with 1', async () => {
    const { exitCode, stdout } = await plan(many(50, 1));
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'business 7d1810bfee0d5627: 200 requests a minute of 100, 2 times as many as there are',
    );
    expect(stdout).toContain('t0: every 1 min, would fit every 2:');
    expect(stdout).toContain('and 30 more instances, less busy');
  });

  it('gives all of it as JSON', async () => {
    const { stdout } = await plan(many(50, 1), '--format', 'json');
    const { fits, apps } = JSON.parse(stdout) as {
      fits: boolean;
      apps: { businesses: { instances: unknown[] }[] }[];
    };
    expect(fits).toBe(false);
    expect(apps[0]?.businesses[0]?.instances).toHaveLength(50);
  });
});

async function pollTook(store: Store, pollKey: string, requestsPerHundred: number): Promise<void> {
  await store.polls.commitPage({
    pollKey,
    scan: 'changes',
    startsScan: true,
    objectIds: [],
    ledger: [],
    events: [],
    checkpoint: undefined,
    watermarkMs: 1000,
    pollFinish: { dueMs: 2000, pageSize: undefined, finishedMs: 1000, requestsPerHundred },
  });
}

describe('sagecfg plan --quota beside a run', () => {
  it('counts the requests that the latest polls took, and says which are estimated', async () => {
    await using state = await operateState();
    await writeFile(join(state.folder, 'acme.yaml'), tenant('acme', { minutes: 15 }));
    await pollTook(state.store, 'acme/customers', 350);
    const one = await state.command(['plan', '--quota', 'acme.yaml']);
    expect(one).toEqual({
      exitCode: 0,
      stdout: `app 1: 528 requests a day of 1,296,000
  acme: every 15 min: 528 a day (customers 336 with deletions, invoices 192 with deletions)
counted as the latest polls took, by the state; 1 of 2 polls estimated: a list of many pages takes more requests than the one that is counted
it fits
`,
      stderr: '',
    });
    await pollTook(state.store, 'acme/invoices', 200_000);
    const all = await state.command(['plan', '--quota', 'acme.yaml']);
    expect(all.exitCode).toBe(1);
    expect(all.stdout).toContain('acme: every 15 min, would fit every 21:');
    expect(all.stdout).toContain('\ncounted as the latest polls took, by the state\nit does not fit');
  });

  it('refuses a state that was named and is not there', async () => {
    expect(await plan(tenant('acme'), '--store', 'sqlite:nowhere.db')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('there is no state yet at'),
    });
  });
});

describe('fitToQuota', () => {
  const instances = lintText(many(50, 1)).instances;
  const options = { source: 'sage', budget: defaultBudget, intervalMs: undefined } as const;

  it('leaves every interval as it is unless it is told otherwise', () => {
    const report = (): void => expect.unreachable();
    const intervalOf = fitToQuota(instances, { ...options, report });
    expect(instances.map(intervalOf)).toEqual(instances.map(() => undefined));
  });

  it('refuses what is too much, and says how to go on', () => {
    const refuse = { ...options, quota: 'refuse', report: () => undefined } as const;
    expect(() => fitToQuota(instances, refuse)).toThrow(
      "the polls of 50 instances ask for up to 2 times the requests that there are: 'sagecfg plan --quota'",
    );
    const half = instances.slice(0, 25);
    expect(half.map(fitToQuota(half, refuse))).toEqual(half.map(() => undefined));
  });

  it('goes by what was observed', () => {
    const half = instances.slice(0, 25);
    const refuse = { ...options, quota: 'refuse', report: () => undefined } as const;
    expect(() => fitToQuota(half, { ...refuse, observed: () => 5 })).toThrow('up to 2.5 times');
  });

  it('stretches what is too much until it fits, and nothing else', () => {
    const reports: RuntimeEvent[] = [];
    const other = lintText(tenant('other', { business: 'another', minutes: 5 })).instances;
    const all = [...instances, ...other];
    const intervalOf = fitToQuota(all, {
      ...options,
      quota: 'stretch',
      report: (event) => reports.push(event),
    });
    expect(new Set(instances.map(intervalOf))).toEqual(new Set([120_000]));
    expect(other.map(intervalOf)).toEqual([undefined]);
    expect(reports).toEqual([{ kind: 'stretched', instances: 50, factor: 2 }]);
  });
});
