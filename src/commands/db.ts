import { exitCodes, SagecfgError } from '../problem/sagecfg-error.ts';
import { readSettings } from '../settings/read-settings.ts';
import { defineCommand } from './command.ts';
import { inputOptions } from './shared/options.ts';
import { runtimeOptions, runtimeOptionsFrom } from './shared/runtime-options.ts';

const { store } = runtimeOptions;

export default defineCommand({
  summary: 'Make or update the tables that `run --store postgres://…` works with',
  positional: { name: 'migrate', description: 'What to do with the database', most: 1, words: ['migrate'] },
  options: { store: { ...store, placeholder: 'postgres://…' }, config: inputOptions.config },
  examples: [
    [
      "sagecfg db migrate --store 'postgres://sagecfg:${env:DB_PASSWORD}@db.internal/sagecfg'",
      'before the first run, and before a run of a newer version',
    ],
  ],
  async run({ names, options: values, io }) {
    if (names[0] !== 'migrate') throw new SagecfgError('usage', "expected 'sagecfg db migrate'");
    const settings = readSettings({
      workingDirectory: io.workingDirectory,
      ...(values.config !== undefined && { config: values.config }),
    });
    const address = runtimeOptionsFrom({ store: values.store }, settings.runtime, io.workingDirectory).store;
    if (address.kind === 'sqlite') {
      throw new SagecfgError(
        'usage',
        'a state file is brought up to date when it is opened: db migrate needs --store postgres://…',
      );
    }
    const { migrateStorage } = await import('../runtime/open-storage.ts');
    const steps = await migrateStorage(address, io);
    const done =
      steps === 0 ? 'was up to date' : `was brought up to date in ${steps} step${steps === 1 ? '' : 's'}`;
    io.stdout.write(`the database ${done}\n`);
    return exitCodes.clean;
  },
});
