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

/** Polls and delivers, once or until interrupted. */
export async function runInstances(
  instances: readonly Instance[],
  { values, settings, files, beforeEnd }: RunPlan,
  io: Io,
): Promise<ExitCode> {
  const { createRuntime } = await import('../../runtime/create-runtime.ts');
  const log = createRuntimeLog(values, io);
  let failedPolls = 0;
  const report = (event: RuntimeEvent): void => {
    if (event.kind === 'poll-failed' || event.kind === 'backfill-failed') failedPolls += 1;
    log.report(event);
  };
  using interrupts = stopOnInterrupt({ drainMs: drainMsFrom(values), report }, io);
  const { environment, workingDirectory } = io;
  const references = { environment, workingDirectory };
  await using runtime: Runtime = await createRuntime({ ...settings, instances, references, report });
  interrupts.watch(runtime);
  if (usesGrant(settings.source)) for (const event of quotaEvents(instances, settings)) report(event);
  const { signal } = interrupts;
  if (values.once !== true) {
    using _reload = files === undefined ? undefined : reloadOnChange(files, { runtime, report }, io);
    using _status = log.keepStatus(() => runtime.health());
    await runtime.run(signal);
    await beforeEnd?.(runtime);
    return exitCodes.clean;
  }
  const { pendingEvents, deadNotifications } = await runtime.runOnce(signal);
  await beforeEnd?.(runtime);
  return failedPolls + pendingEvents + deadNotifications === 0 ? exitCodes.clean : exitCodes.problems;
}
