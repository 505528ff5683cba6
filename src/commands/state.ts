import { exitCodes, SagecfgError } from '../problem/sagecfg-error.ts';
import { parseStoreAddress } from '../runtime/store-address.ts';
import { defineCommand } from './command.ts';

export default defineCommand({
  summary: 'Carry what `run` knows over to another store: `state copy`',
  positional: { name: 'copy', description: 'What to do with the state', most: 1 },
  options: {
    from: {
      type: 'string',
      placeholder: 'sqlite:FILE|postgres://…',
      description: 'The state as it is; nothing in it changes',
    },
    to: {
      type: 'string',
      placeholder: 'sqlite:FILE|postgres://…',
      description: 'A new file, or a database after `sagecfg db migrate`: there must be nothing in it',
    },
  },
  examples: [
    [
      "sagecfg state copy --from sqlite:.sagecfg/state.db --to 'postgres://sagecfg:${env:DB_PASSWORD}@db.internal/sagecfg'",
      'with every run stopped; then start them with the other --store and the same SAGECFG_KEY',
    ],
  ],
  async run({ names, options: { from, to }, io }) {
    if (names[0] !== 'copy') throw new SagecfgError('usage', "expected 'sagecfg state copy'");
    if (from === undefined || to === undefined) {
      throw new SagecfgError('usage', 'state copy needs --from and --to');
    }
    const { copyState } = await import('../runtime/open-storage.ts');
    const source = parseStoreAddress(from, io.workingDirectory, '--from');
    const target = parseStoreAddress(to, io.workingDirectory, '--to');
    const count = await copyState(source, target, io);
    io.stdout.write(`${count} records carried over; tokens stay sealed with the same SAGECFG_KEY\n`);
    return exitCodes.clean;
  },
});
