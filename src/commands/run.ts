import type { Io } from '../io.ts';
import { SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import { readSettings } from '../settings/read-settings.ts';
import { defineCommand } from './command.ts';
import { instancesOf, readSound } from './shared/config-files.ts';
import { runDry } from './shared/run-dry.ts';
import { runInstances } from './shared/run-instances.ts';
import { backfillFrom, runOptions, workerFrom } from './shared/run-options.ts';
import type { RunValues } from './shared/run-options.ts';
import { runWithSimulator } from './shared/run-simulated.ts';
import { hasOwnSimulator, runtimeOptionsFrom } from './shared/runtime-options.ts';

export default defineCommand({
  summary: 'Poll Sage and deliver signed events to the callback, until interrupted',
  positional: { name: 'files..', description: 'Files, globs or folders; - for standard input' },
  options: runOptions,
  examples: [
    ['sagecfg run acme.yaml', 'poll as the file says; SAGECFG_KEY encrypts the tokens'],
    ['sagecfg run --source simulator', 'a demonstration: needs no file, no account and no network'],
    ['sagecfg run --dry-run acme.yaml', 'what would be asked, decided and sent'],
    ['sagecfg run --baseline since=2026-11-01T00:00:00Z acme.yaml', 'deliver what changed since then, too'],
  ],
  async run({ names, options: values, io }) {
    const settings = readSettings({
      workingDirectory: io.workingDirectory,
      ...(values.config !== undefined && { config: values.config }),
    });
    if (hasOwnSimulator(values, settings.runtime)) return runDemonstration(names, values, io);
    const files = { names, values };
    const read = await readSound(files, io);
    if (typeof read === 'number') return read;
    const { runtime, platform } = read.settings;
    const settingsAndFlags = runtimeOptionsFrom(values, runtime, io.workingDirectory, platform);
    const runtimeSettings = {
      ...settingsAndFlags,
      ...workerFrom(values, settingsAndFlags.store),
      backfill: backfillFrom(values),
    };
    if (values['dry-run'] === true)
      return runDry(instancesOf(read), { values, settings: runtimeSettings }, io);
    return runInstances(instancesOf(read), { values, settings: runtimeSettings, files }, io);
  },
});

async function runDemonstration(names: readonly string[], values: RunValues, io: Io): Promise<ExitCode> {
  if (values.store !== undefined || values.state !== undefined) {
    throw new SagecfgError(
      'usage',
      'a simulator that run starts forgets everything: leave out --store, or connect to one with --sage-base-url',
    );
  }
  const read = names.length === 0 ? undefined : await readSound({ names, values }, io);
  if (typeof read === 'number') return read;
  const own = read === undefined ? undefined : instancesOf(read);
  return runWithSimulator(own, { values, settings: read?.settings.runtime ?? {} }, io);
}
