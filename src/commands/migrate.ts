import {
  migrateText,
  migrationNames,
  type MigratedText,
  type MigrationName,
} from '../generate/migrate/migrate-text.ts';
import { exitCodes, SagecfgError } from '../problem/sagecfg-error.ts';
import { defineCommand } from './command.ts';
import { deliverTexts, outputOf } from './shared/deliver-texts.ts';
import type { LintedFile } from './shared/lint-files.ts';
import { inputOptions } from './shared/options.ts';
import { soundFiles } from './shared/sound-files.ts';

export default defineCommand({
  summary: 'Move old forms of configuration to new ones, keeping every byte that is not about it',
  positional: { name: 'files..', description: 'Files to migrate, globs or folders; - for standard input' },
  options: {
    to: {
      type: 'string',
      choices: migrationNames,
      description:
        'configuration: from the lines of event.poller.urls (default); object or string: the form of event.poller.configuration; v3.1: from the legacy Sage One API',
    },
    write: { type: 'boolean', description: 'Write the files; without it the result goes to standard output' },
    diff: { type: 'boolean', description: 'Show what would change' },
    check: { type: 'boolean', description: 'Write nothing; exit code 1 when a file has the old form' },
    ...inputOptions,
  },
  examples: [
    ['sagecfg migrate --to v3.1 --diff tenants/*.yaml', 'what changes, and what is left to do by hand'],
    [
      'sagecfg migrate --to object --write export.json',
      'a body that the platform answered, as one to work with',
    ],
  ],
  async run({ names, options: values, io }) {
    const name = migrationNames.find((candidate) => candidate === values.to) ?? 'configuration';
    const output = outputOf(values);
    const sound = await soundFiles(names, values, io, 'nothing was migrated');
    if (sound === undefined) return exitCodes.problems;
    const outcomes = sound.files.map((file) => ({ file, migrated: migrateFile(file, name) }));
    const exitCode = await deliverTexts(
      outcomes.map(({ file, migrated: { text, changes } }) => ({
        file,
        text,
        gaps: changes.length > 0 ? [`has the old form (sagecfg migrate --to ${name})`] : [],
        done: changes,
      })),
      {
        output,
        showsDiff: values.diff === true,
        color: values.color,
        command: `sagecfg migrate --to ${name} --write`,
      },
      io,
    );
    for (const { file, migrated } of outcomes)
      for (const task of migrated.byHand) io.stderr.write(`${file.input.name}: by hand: ${task}\n`);
    return sound.unreadable.length > 0 ? exitCodes.unreadable : exitCode;
  },
});

function migrateFile({ input, linted, options }: LintedFile, name: MigrationName): MigratedText {
  try {
    return migrateText(linted, name, options);
  } catch (error) {
    if (!(error instanceof SagecfgError)) throw error;
    throw new SagecfgError(error.code, `${input.name}: ${error.message}`, { cause: error });
  }
}
