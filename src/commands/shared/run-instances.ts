import type { Io } from '../../io.ts';
import type { Instance } from '../../model/model.ts';
import { exitCodes, type ExitCode } from '../../problem/sagecfg-error.ts';
import type { RuntimeEvent } from '../../runtime/report.ts';
import type { Runtime, RuntimeOptions } from '../../runtime/runtime.ts';
import { usesGrant } from '../../runtime/source-kind.ts';
import type { ConfigFiles } from './config-files.ts';
import { reloadOnChange } from './reload-on-change.ts';
import { quotaEvents } from './quota-events.ts';
import { drainMsFrom } from './run-options.ts';
import type { RunValues } from './run-options.ts';
import { createRuntimeLog } from './runtime-log.ts';
import { stopOnInterrupt } from './stop-on-interrupt.ts';

export interface RunPlan {
  readonly values: RunValues;
  readonly settings: Omit<RuntimeOptions, 'instances' | 'references' | 'report'>;
  /** Where the instances come from, if they may change. */
  readonly files?: ConfigFiles;
  /** Called when polling has stopped, and before the runtime is closed. */
  readonly beforeEnd?: (runtime: Runtime) => Promise<void>;
}

/**
 * Polls and delivers, once or until interrupted. Not async itself: that would keep the instances, which are large with
 * their files, for as long as it runs.
 */
export function runInstances(instances: readonly Instance[], plan: RunPlan, io: Io): Promise<ExitCode> {
  const log = createRuntimeLog(plan.values, io);
  const failures = { polls: 0 };
  const report = (event: RuntimeEvent): void => {
    if (event.kind === 'poll-failed' || event.kind === 'backfill-failed') failures.polls += 1;
    log.report(event);
  };
  const interrupts = stopOnInterrupt({ drainMs: drainMsFrom(plan.values), report }, io);
  const opening = openRuntime(instances, { settings: plan.settings, report, interrupts }, io);
  return runOpened(opening, { ...plan, log, failures, report, interrupts }, io);
}

interface Reporting {
  readonly report: (event: RuntimeEvent) => void;
  readonly interrupts: ReturnType<typeof stopOnInterrupt>;
}

async function openRuntime(
  instances: readonly Instance[],
  { settings, report, interrupts }: Reporting & Pick<RunPlan, 'settings'>,
  { environment, workingDirectory }: Io,
): Promise<Runtime> {
  const { createRuntime } = await import('../../runtime/create-runtime.ts');
  const references = { environment, workingDirectory };
  const quota = usesGrant(settings.source) ? quotaEvents(instances, settings) : [];
  const runtime = await createRuntime({ ...settings, instances, references, report });
  interrupts.watch(runtime);
  for (const event of quota) report(event);
  return runtime;
}

interface Opened extends Omit<RunPlan, 'settings'>, Reporting {
  readonly log: ReturnType<typeof createRuntimeLog>;
  readonly failures: { readonly polls: number };
}

async function runOpened(
  opening: Promise<Runtime>,
  { values, files, beforeEnd, log, failures, report, interrupts }: Opened,
  io: Io,
): Promise<ExitCode> {
  using stopping = interrupts;
  await using runtime = await opening;
  const { signal } = stopping;
  if (values.once !== true) {
    using _reload = files === undefined ? undefined : reloadOnChange(files, { runtime, report }, io);
    using _status = log.keepStatus(() => runtime.health());
    await runtime.run(signal);
    await beforeEnd?.(runtime);
    return exitCodes.clean;
  }
  const { pendingEvents, deadNotifications } = await runtime.runOnce(signal);
  await beforeEnd?.(runtime);
  return failures.polls + pendingEvents + deadNotifications === 0 ? exitCodes.clean : exitCodes.problems;
}
