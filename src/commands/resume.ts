import { exitCodes } from '../problem/sagecfg-error.ts';
import type { PollFilter } from '../runtime/ports/poll-store.ts';
import type { Store } from '../runtime/ports/store.ts';
import { systemClock } from '../sage/clock.ts';
import { defineCommand } from './command.ts';
import { findPolls } from './shared/require-known-instance.ts';
import { openStateBeside, stateOptions } from './shared/state-options.ts';

export default defineCommand({
  summary: 'Poll again what was paused, and deliver again to receivers that were disabled',
  positional: {
    name: 'INSTANCE[/RESOURCE]..',
    description: 'Which ones; without a name, everything that was stopped',
  },
  options: stateOptions,
  examples: [
    ['sagecfg resume', 'everything that is paused, failing or disabled is tried at once'],
    ['sagecfg resume acme/invoices', 'this poll only; receivers stay as they are'],
  ],
  async run({ names, options: values, io }) {
    await using store = await openStateBeside(values, io, { readOnly: false });
    const filters: PollFilter[] = names.length === 0 ? [{}] : [];
    for (const name of names) filters.push(await findPolls(name, store));
    const resumed: string[] = [];
    for (const filter of filters) resumed.push(...(await resume(filter, store)));
    io.stdout.write(
      resumed.length === 0
        ? 'nothing was stopped\n'
        : [...new Set(resumed)].map((name) => `resumed ${name}\n`).join(''),
    );
    return exitCodes.clean;
  },
});

async function resume(filter: PollFilter, { polls, endpoints }: Store): Promise<readonly string[]> {
  const nowMs = systemClock.now();
  const resumed = await polls.resume(filter, nowMs);
  if (filter.resource !== undefined) return resumed;
  return [...resumed, ...(await endpoints.resume(filter, nowMs))];
}
