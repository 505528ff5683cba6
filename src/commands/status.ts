import { exitCodes } from '../problem/sagecfg-error.ts';
import { readStateStatus } from '../runtime/observe/state-status.ts';
import { systemClock } from '../sage/clock.ts';
import { defineCommand } from './command.ts';
import { renderStatus, statusToJson } from './shared/render-status.ts';
import { requireKnownInstance } from './shared/require-known-instance.ts';
import { openStateBeside, stateOptions } from './shared/state-options.ts';

const options = {
  format: {
    type: 'string',
    alias: 'f',
    choices: ['table', 'json'],
    description: 'A table for people (default), or JSON for programs',
  },
  ...stateOptions,
} as const;

export default defineCommand({
  summary: 'Show how polls, receivers and grants stand; exit code 1 when something needs a person',
  positional: { name: 'INSTANCE', description: 'Only this instance', most: 1 },
  options,
  examples: [
    ['sagecfg status', 'reads the state beside a run, and without SAGECFG_KEY'],
    ['sagecfg status acme -f json', 'one tenant, for a program'],
  ],
  async run({ names: [instanceId], options: values, io }) {
    await using store = await openStateBeside(values, io, { readOnly: true });
    const nowMs = systemClock.now();
    if (instanceId !== undefined) await requireKnownInstance(instanceId, store);
    const status = await readStateStatus(store, { nowMs, instanceId });
    io.stdout.write(
      values.format === 'json'
        ? `${JSON.stringify(statusToJson(status), undefined, 2)}\n`
        : renderStatus(status, nowMs),
    );
    return status.needs.length === 0 ? exitCodes.clean : exitCodes.problems;
  },
});
