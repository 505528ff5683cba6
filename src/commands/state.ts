import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import type { Io } from '../io.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { chooseAction } from './shared/choose-action.ts';
import { copyState } from './shared/copy-state.ts';
import { forgetInstance } from './shared/forget-instance.ts';
import { importLastPolls } from './shared/import-last-polls.ts';
import { openStateBeside, stateOptions } from './shared/state-options.ts';
import { exportState, importState } from './shared/transfer-state.ts';

const options = {
  'output-file': {
    type: 'string',
    alias: 'o',
    placeholder: 'FILE',
    description: 'With export: write there, readable by this user only, and not to standard output',
  },
  'last-polls': {
    type: 'boolean',
    description: 'With import: FILE has lines INSTANCE,RESOURCE,TIME: when another platform polled last',
  },
  'dry-run': { type: 'boolean', description: 'With forget: say what there is, and delete nothing' },
  undelivered: { type: 'boolean', description: 'With forget: also what was not delivered' },
  from: {
    type: 'string',
    placeholder: 'sqlite:FILE|postgres://…',
    description: 'With copy: the state as it is; nothing in it changes',
  },
  to: {
    type: 'string',
    placeholder: 'sqlite:FILE|postgres://…',
    description:
      'With copy: a new file, or a database after `sagecfg db migrate`; there must be nothing in it',
  },
  ...stateOptions,
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary:
    'Carry the state over: to lines of JSON and back, to another store, from another platform; forget a tenant',
  positional: {
    name: 'export|import|copy|forget [FILE|INSTANCE]',
    description: 'What to do; FILE to import, - for standard input; INSTANCE to forget',
    most: 2,
    words: ['export', 'import', 'copy', 'forget'],
  },
  options,
  examples: [
    [
      "sagecfg state copy --from sqlite:.sagecfg/state.db --to 'postgres://sagecfg:${env:DB_PASSWORD}@db.internal/sagecfg'",
      'with every run stopped; then start them with the other --store and the same SAGECFG_KEY',
    ],
    ['sagecfg state export -o state.ndjson', 'a copy of one moment, beside a run; tokens stay sealed'],
    ['sagecfg state import state.ndjson', 'into a state that is new; the same SAGECFG_KEY opens the tokens'],
    [
      'sagecfg state import --last-polls polls.csv',
      'begin where the platform stopped, and lose nothing between',
    ],
    ['sagecfg state forget acme', 'all of a tenant that no file has any more, with every run stopped'],
  ],
  async run({ names: [given, file], options: values, io }) {
    const action = chooseAction('state', given, ['export', 'import', 'copy', 'forget']);
    if (action === 'copy') return copyState(values, io);
    if (action === 'export') return write(file, values, io);
    if (action === 'forget') {
      if (file !== undefined) return forgetInstance(file, values, io);
      throw new SagecfgError('usage', 'forget whom? sagecfg state forget INSTANCE');
    }
    if (file === undefined) {
      throw new SagecfgError('usage', 'import what? sagecfg state import FILE, or - for standard input');
    }
    if (values['last-polls'] === true) return importLastPolls(file, values, io);
    return importState(file, values, io);
  },
});

async function write(file: string | undefined, values: Values, io: Io): Promise<ExitCode> {
  if (file !== undefined) {
    throw new SagecfgError(
      'usage',
      `export writes to standard output: -o ${JSON.stringify(file)} for a file`,
    );
  }
  await using store = await openStateBeside(values, io, { readOnly: true });
  const count = await exportState(store, { outputFile: values['output-file'], io });
  io.stderr.write(`${count} lines exported; records are in them, so keep them as safe as the state\n`);
  return exitCodes.clean;
}
