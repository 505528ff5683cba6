import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lintText } from '../../src/lint/lint-text.ts';
import { openSqliteStore } from '../../src/runtime/adapters/store/sqlite.ts';
import { buildInstancePlan } from '../../src/runtime/build-instance-plan.ts';
import { createRuntime } from '../../src/runtime/create-runtime.ts';
import type { InstancePlan } from '../../src/runtime/poll-plan.ts';
import type { NewEvent } from '../../src/runtime/ports/event.ts';
import type { Store } from '../../src/runtime/ports/store.ts';
import type { RuntimeEvent } from '../../src/runtime/report.ts';
import type { Runtime, RuntimeOptions } from '../../src/runtime/runtime.ts';
import { createTokenCipher, generateTokenKey } from '../../src/runtime/token-cipher.ts';

const hourMs = 3_600_000;

/** A folder on the disk that the machine has, and what works on the state in it. */
export interface Workplace extends AsyncDisposable {
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Opens the state on its own, to put something into it. */
  readonly fill: (work: (store: Store) => Promise<void>) => Promise<void>;
  readonly openRuntime: (
    instances: RuntimeOptions['instances'],
    differences: Partial<RuntimeOptions> & Pick<RuntimeOptions, 'report'>,
  ) => Promise<Runtime>;
}

export async function openWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'sagecfg-bench-'));
  const file = join(folder, 'state.db');
  const key = generateTokenKey();
  const environment = { SAGECFG_KEY: key.toString('base64') };
  return {
    file,
    environment,
    fill: async (work) => {
      await using store = openSqliteStore(file, { cipher: createTokenCipher(key), crash: () => undefined });
      await work(store);
    },
    openRuntime: (instances, differences) =>
      createRuntime({
        instances,
        references: { environment, workingDirectory: folder },
        store: { kind: 'sqlite', file },
        source: 'simulator',
        sage: {
          baseUrl: 'http://127.0.0.1:9/v3.1',
          tokenUrl: 'http://127.0.0.1:9/token',
          business: undefined,
        },
        baseline: { kind: 'now' },
        intervalMs: hourMs,
        overlapMs: 120_000,
        budget: { appPerSecond: 500, appInFlight: 150, businessPerMinute: undefined },
        callback: { allow: ['127.0.0.0/8'], allowHttp: true },
        ...differences,
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function startReceiver(): Promise<AsyncDisposable & { readonly url: string }> {
  const child = fork(join(import.meta.dirname, 'receiver.ts'));
  const [port]: unknown[] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${Number(port)}/callback`,
    [Symbol.asyncDispose]: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

export function instancesFor(
  count: number,
  {
    callbackUrl,
    resources = ['customers'],
  }: { readonly callbackUrl: string; readonly resources?: readonly string[] },
): RuntimeOptions['instances'] {
  return Array.from(
    { length: count },
    (_, index) => lintText(instanceText(index, callbackUrl, resources)).instances,
  ).flat();
}

export function planOf(instance: RuntimeOptions['instances'][number]): InstancePlan {
  return buildInstancePlan(instance, {
    source: 'simulator',
    references: { environment: {}, workingDirectory: '.' },
    intervalMs: hourMs,
    business: undefined,
  });
}

/** Makes the polls known, and has read them a moment ago: none is due for an hour. */
export async function settlePolls(store: Store, plans: readonly InstancePlan[]): Promise<void> {
  const nowMs = Date.now();
  for (const { key, ...poll } of plans.flatMap(({ polls }) => polls)) {
    await store.polls.ensure({ key, ...poll }, { baseline: { kind: 'now' }, nowMs });
    await store.polls.commitPage({
      ...emptyPage,
      pollKey: key,
      baselineMs: 0,
      watermarkMs: nowMs,
      pollFinish: { dueMs: nowMs + hourMs, pageSize: undefined, finishedMs: nowMs },
    });
  }
}

const emptyPage = {
  scan: 'changes',
  startsScan: true,
  objectIds: [],
  ledger: [],
  events: [],
  checkpoint: undefined,
} as const;

/** A page of that many changes, in events of about 1.5 kB each. */
export function pageOf(pollKey: string, first: number, count: number, pollDateMs: (index: number) => number) {
  const objectIds = Array.from({ length: count }, (_, index) => `object-${first + index}`);
  const nowMs = Date.now();
  return {
    ...emptyPage,
    pollKey,
    objectIds,
    ledger: objectIds.map((objectId) => ({
      objectId,
      updatedMs: nowMs,
      hash: `${objectId}-0123456789abcdef0123456789abcdef`,
      isDeleted: false,
      revision: 0,
      earlierHashes: [],
    })),
    events: objectIds.map((objectId, index): NewEvent => ({
      id: `${pollKey}-${objectId}`,
      objectId,
      type: 'UPDATED',
      reason: 'an earlier version was read before',
      dateMs: nowMs,
      pollDateMs: pollDateMs(first + index),
      record: JSON.stringify({ id: objectId, updated_at: '2026-11-25T12:00:00Z', notes: 'n'.repeat(1350) }),
    })),
  };
}

export function isDelivered(event: RuntimeEvent): boolean {
  return event.kind === 'notification-delivered';
}

export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function instanceText(index: number, callbackUrl: string, resources: readonly string[]): string {
  return `element:
  key: sageone
name: tenant-${index}
configuration:
  oauth.api.key: client
  oauth.api.secret: secret
  oauth.callback.url: http://127.0.0.1/callback
  oauth.user.refresh_token: refresh-${index}
  country: GB
  event.notification.enabled: true
  event.notification.callback.url: ${callbackUrl}
  event.notification.signature.key: signature-key-${index}
  event.poller.refresh_interval: "60"
  event.poller.configuration:
${resources
  .map(
    (resource) => `    ${resource}:
      url: "/hubs/finance/${resource}?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at'"
      idField: id
      datesConfiguration:
        updatedDateField: updated_at
        updatedDateFormat: yyyy-MM-dd'T'HH:mm:ss'Z'
        updatedDateTimezone: GMT
`,
  )
  .join('')}`;
}
