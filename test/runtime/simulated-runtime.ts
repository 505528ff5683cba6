import { join } from 'node:path';
import { lintText } from '../../src/lint/lint-text.ts';
import { createRuntime } from '../../src/runtime/create-runtime.ts';
import type { OutboxCounts } from '../../src/runtime/ports/outbox-store.ts';
import type { RuntimeEvent } from '../../src/runtime/report.ts';
import type { Runtime, RuntimeOptions } from '../../src/runtime/runtime.ts';
import type { Simulator, SimulatorOptions } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { createVirtualClock } from './virtual-clock.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A simulated Sage and a runtime that polls it, on one clock that only moves when told to, or when somebody waits. */
export interface SimulatedRuntime extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  readonly reports: RuntimeEvent[];
  readonly folder: string;
  /** Polls every resource once, and delivers. */
  readonly poll: () => Promise<OutboxCounts>;
  /** Polls when it is due and delivers, until the signal aborts. */
  readonly run: Runtime['run'];
  readonly reload: Runtime['reload'];
  /** Ends the runtime and opens it anew on the same state. */
  readonly restart: (differences?: Partial<RuntimeOptions>) => Promise<void>;
  /** Polls and delivers until every notification is settled; fails after too many rounds. */
  readonly settle: () => Promise<void>;
}

export interface SimulatedRuntimeOptions {
  readonly simulator?: SimulatorOptions;
  readonly runtime?: Partial<RuntimeOptions>;
  /** Changes the text of each instance file. */
  readonly edit?: (instanceFile: string) => string;
  /** In place of the simulator's own instances. */
  readonly instances?: (simulator: Simulator) => RuntimeOptions['instances'];
  /** When it all begins, epoch milliseconds. */
  readonly startMs?: number;
  /** How far the clock of the runtime's machine is ahead of the true time, which may change. */
  readonly localSkewMs?: () => number;
}

export async function startSimulatedRuntime(
  options: SimulatedRuntimeOptions = {},
): Promise<SimulatedRuntime> {
  const folder = await temporaryFolder();
  const clock = createVirtualClock(options.startMs);
  const { localSkewMs = () => 0 } = options;
  const simulatorClock = { nowMs: clock.now, wait: clock.sleep };
  const simulator = await startSimulator({ seed: 7, clock: simulatorClock, ...options.simulator });
  const reports: RuntimeEvent[] = [];
  const edit = options.edit ?? ((text: string): string => text);
  const base: RuntimeOptions = {
    instances:
      options.instances?.(simulator) ??
      simulator.tenants.flatMap(({ name }) => lintText(edit(simulator.instanceFile(name))).instances),
    references: { environment: {}, workingDirectory: folder.path },
    store: { kind: 'sqlite', file: join(folder.path, 'state.db') },
    source: 'simulator',
    sage: { baseUrl: simulator.sageUrl, tokenUrl: simulator.tokenUrl, business: undefined },
    baseline: { kind: 'now' },
    intervalMs: 60_000,
    overlapMs: 120_000,
    budget: { appPerSecond: 15, appInFlight: 150, businessPerMinute: undefined },
    callback: { allow: ['127.0.0.0/8'], allowHttp: true },
    report: (event) => reports.push(event),
    clock: { ...clock, now: () => clock.now() + localSkewMs() },
    random: () => 0.5,
    ...options.runtime,
  };
  let runtime: Runtime = await createRuntime(base);
  const poll = (): Promise<OutboxCounts> => runtime.runOnce(new AbortController().signal);
  return {
    simulator,
    clock,
    reports,
    folder: folder.path,
    poll,
    run: (signal) => runtime.run(signal),
    reload: (instances) => runtime.reload(instances),
    restart: async (differences) => {
      await runtime[Symbol.asyncDispose]();
      runtime = await createRuntime({ ...base, ...differences });
    },
    settle: async () => {
      await simulator.quiesce();
      // Two polls: the second sees what moved under the first. Then only retries are left.
      for (let round = 0; round < 20; round += 1) {
        clock.advance(70_000);
        const { pendingEvents } = await poll();
        if (round > 0 && pendingEvents === 0 && !hasFailed(reports.slice(-lastReports))) return;
      }
      throw new Error('the outbox did not empty');
    },
    [Symbol.asyncDispose]: async () => {
      await runtime[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const lastReports = 6;

function hasFailed(reports: readonly RuntimeEvent[]): boolean {
  return reports.some(({ kind }) => kind === 'poll-failed');
}
