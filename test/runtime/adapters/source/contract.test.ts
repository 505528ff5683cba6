import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintText } from '../../../../src/lint/lint-text.ts';
import { openSources } from '../../../../src/runtime/adapters/source/open-sources.ts';
import type { SourcesOptions } from '../../../../src/runtime/adapters/source/open-sources.ts';
import { openRecordedSource } from '../../../../src/runtime/adapters/source/recorded.ts';
import { recordingFile, recordSource } from '../../../../src/runtime/adapters/source/recording.ts';
import { openSqliteStore } from '../../../../src/runtime/adapters/store/sqlite.ts';
import { buildInstancePlan } from '../../../../src/runtime/build-instance-plan.ts';
import type { Source, SourceFailure } from '../../../../src/runtime/ports/source.ts';
import { createTokenCipher, generateTokenKey } from '../../../../src/runtime/token-cipher.ts';
import { openHttpClient } from '../../../../src/sage/http.ts';
import { createRequestBudget } from '../../../../src/sage/request-budget.ts';
import type { Choices } from '../../../../src/simulator/assumptions.ts';
import type { FaultEffect } from '../../../../src/simulator/faults/fault.ts';
import type { InstanceMode } from '../../../../src/simulator/instance-file.ts';
import { startSimulator } from '../../../../src/simulator/start-simulator.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { testSourceContract } from '../../source-contract.ts';
import type { FailureWay, SourceScene } from '../../source-contract.ts';
import { createVirtualClock } from '../../virtual-clock.ts';

const effects: Readonly<Record<FailureWay, FaultEffect>> = {
  throttled: { kind: 'rate-limit', retryAfter: '7' },
  overloaded: { kind: 'server-error' },
  forbidden: { kind: 'access-denied' },
  'cut off': { kind: 'drop', when: 'before' },
};

const doors = { sage: 'accounting', 'sage-legacy': 'legacy', hub: 'hub' } as const;

/** Twelve customers that changed, three that were deleted, and pages of five. */
async function openSimulated(mode: InstanceMode, choices: Partial<Choices> = {}): Promise<SourceScene> {
  const clock = createVirtualClock();
  const simulator = await startSimulator({
    clock: { nowMs: clock.now, wait: clock.sleep },
    choices,
    initialObjects: 0,
    polled: ['customers'],
  });
  const { world } = simulator;
  const sinceMs = clock.now();
  const made = Array.from({ length: 15 }, () => world.create('north', 'customers').id);
  clock.advance(10_000);
  for (const id of made.slice(12)) world.remove('north', id);
  const folder = await temporaryFolder();
  const cipher = createTokenCipher(generateTokenKey());
  const store = openSqliteStore(join(folder.path, 'state.db'), { cipher, crash: () => undefined });
  const http = openHttpClient({ connectionsPerOrigin: 5 });
  const { userSecret, organizationSecret } = simulator.instances;
  const options: SourcesOptions = {
    source: mode,
    sage: {
      baseUrl: simulator.sageUrl,
      tokenUrl: simulator.tokenUrl,
      legacy: { baseUrl: simulator.legacyUrl, tokenUrl: simulator.legacyTokenUrl },
      business: undefined,
    },
    hub: { baseUrl: simulator.platformUrl, userSecret, organizationSecret },
    references: { environment: {}, workingDirectory: folder.path },
    report: () => undefined,
    grants: store.grants,
    registrations: store.registrations,
    cipher,
    httpOf: () => http,
    budget: createRequestBudget({ appPerSecond: 15, appInFlight: 9, businessPerMinute: undefined }, clock),
    clock,
    crash: () => undefined,
  };
  const [instance] = lintText(simulator.instanceFile('north', mode)).instances;
  if (instance === undefined) throw new Error('the instance file holds none');
  const { references } = options;
  const plan = buildInstancePlan(instance, {
    source: mode,
    ...(mode === 'hub' && { hubUrl: simulator.platformUrl }),
    references,
    intervalMs: undefined,
    business: undefined,
  });
  const [poll] = plan.polls;
  if (poll === undefined) throw new Error('the instance polls nothing');
  const open = (): Source => openSources(options)(plan);
  return {
    source: open(),
    request: { poll, sinceMs, pageSize: 5 },
    expectedIds: made.slice(0, 12),
    deletedIds: mode === 'hub' ? undefined : made.slice(12),
    reopen: open,
    fail: (way) => {
      simulator.faults.add({ ...effects[way], on: doors[mode] });
    },
    serverTimeMs: clock.now,
    [Symbol.asyncDispose]: async () => {
      await http[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** What the source for Sage read, from the files that it was written to. */
async function openRecorded(): Promise<SourceScene> {
  const scene = await openSimulated('sage');
  const folder = await temporaryFolder();
  const recording = recordSource(scene.source, folder.path);
  for (const kind of ['changes', 'deletions'] as const) {
    let cursor: string | undefined;
    do {
      const result = await recording.readPage(
        { ...scene.request, kind, cursor },
        new AbortController().signal,
      );
      cursor = result.kind === 'page' ? result.page.next : undefined;
    } while (cursor !== undefined);
  }
  const file = recordingFile(folder.path, scene.request.poll);
  return {
    ...scene,
    source: openRecordedSource(folder.path),
    reopen: () => openRecordedSource(folder.path),
    fail: (way) => {
      const failure = { message: 'Sage said no', ...recordedFailures[way] };
      writeFileSync(file, `${JSON.stringify({ failure })}\n${readFileSync(file, 'utf8')}`);
    },
    [Symbol.asyncDispose]: async () => {
      await scene[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const recordedFailures = {
  throttled: { kind: 'temporary', retryAfterMs: 7000 },
  overloaded: { kind: 'overloaded' },
  forbidden: { kind: 'lasting' },
  'cut off': { kind: 'temporary' },
} as const satisfies Record<FailureWay, Partial<SourceFailure>>;

testSourceContract('sage', () => openSimulated('sage'));
testSourceContract('sage-legacy', () => openSimulated('sage-legacy', { legacySignature: 'require' }));
testSourceContract('hub, page by page', () => openSimulated('hub'));
testSourceContract('hub, which answers its last page again', () =>
  openSimulated('hub', { hubPastTheEnd: 'last-page' }),
);
testSourceContract('hub, by tokens', () => openSimulated('hub', { hubPaging: 'token' }));
testSourceContract('recorded', openRecorded);
