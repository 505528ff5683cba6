import type { Io } from '../io.ts';
import { exitCodes, SagecfgError, type ExitCode } from '../problem/sagecfg-error.ts';
import type { Store } from '../runtime/ports/store.ts';
import { systemClock } from '../sage/clock.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { chooseAction } from './shared/choose-action.ts';
import { eventFilterFrom, eventFilterOptions } from './shared/event-options.ts';
import { eventDetailToJson, eventToJson, renderEvent, renderEvents } from './shared/render-events.ts';
import { replayEvents } from './shared/replay-events.ts';
import { requireKnownInstance } from './shared/require-known-instance.ts';
import { openStateBeside, stateOptions } from './shared/state-options.ts';

const defaultLimit = 50;

const options = {
  ...eventFilterOptions,
  limit: { type: 'number', placeholder: 'N', description: `With list: how many (default ${defaultLimit})` },
  before: {
    type: 'number',
    placeholder: 'SEQUENCE',
    description: 'With list: go on after the event with this sequence number',
  },
  full: { type: 'boolean', description: 'With show: print the texts of the record, too' },
  all: { type: 'boolean', description: 'With replay: every event that is kept, where nothing else is said' },
  format: {
    type: 'string',
    alias: 'f',
    choices: ['table', 'json'],
    description: 'A table for people (default), or JSON for programs',
  },
  ...stateOptions,
} as const;

type Values = OptionValues<typeof options>;

export default defineCommand({
  summary: 'Show events with the attempts to deliver them, and have them delivered anew',
  positional: {
    name: 'list|show|replay [ID]..',
    description: 'What to do, and the ids of events',
    words: ['list', 'show', 'replay'],
    // One id in 64 begins so.
    dashed: /^-[\w-]{19}$/,
  },
  options,
  examples: [
    ['sagecfg events list --event-state dead', 'what was given up'],
    ['sagecfg events show ID', 'why it has its type, every attempt, the record with its texts masked'],
    ['sagecfg events replay --event-state dead --instance acme', 'once more, under the same event ids'],
    ['sagecfg events replay --since 2026-11-23T10:00:00Z --until 2026-11-23T12:00:00Z', 'two hours again'],
  ],
  async run({ names: [given, ...ids], options: values, io }) {
    const action = chooseAction('events', given, ['list', 'show', 'replay']);
    await using store = await openStateBeside(values, io, { readOnly: action !== 'replay' });
    if (values.instance !== undefined) await requireKnownInstance(values.instance, store);
    // Awaited here, because the state closes with this function.
    if (action === 'list') return await list(ids, { values, store, io });
    if (action === 'show') return await show(ids, { values, store, io });
    return await replayEvents(eventFilterFrom(values, ids), { all: values.all === true, store, io });
  },
});

interface Context {
  readonly values: Values;
  readonly store: Store;
  readonly io: Io;
}

async function list(ids: readonly string[], { values, store, io }: Context): Promise<ExitCode> {
  const limit = values.limit ?? defaultLimit;
  const range = { limit: limit + 1, ...(values.before !== undefined && { beforeSequence: values.before }) };
  const found = await store.outbox.listEvents(eventFilterFrom(values, ids), range);
  const events = found.slice(0, limit);
  const next = found.length > limit ? (events.at(-1)?.sequence ?? null) : null;
  if (values.format === 'json') {
    const body = { formatVersion: '1.0', events: events.map(eventToJson), next };
    io.stdout.write(`${JSON.stringify(body, undefined, 2)}\n`);
    return exitCodes.clean;
  }
  io.stdout.write(events.length === 0 ? 'no such event\n' : renderEvents(events, systemClock.now()));
  if (next !== null) io.stderr.write(`there are more: --before ${next}\n`);
  return exitCodes.clean;
}

async function show(ids: readonly string[], { values, store, io }: Context): Promise<ExitCode> {
  if (ids.length === 0) throw new SagecfgError('usage', 'which event? sagecfg events list shows their ids');
  const view = { isFull: values.full === true };
  const texts: string[] = [];
  for (const id of ids) {
    const event = await store.outbox.readEvent(id);
    if (event === undefined) throw noSuchEvent(id);
    texts.push(
      values.format === 'json'
        ? `${JSON.stringify(eventDetailToJson(event, view), undefined, 2)}\n`
        : renderEvent(event, { ...view, nowMs: systemClock.now() }),
    );
  }
  io.stdout.write(texts.join('\n'));
  return exitCodes.clean;
}

function noSuchEvent(id: string): SagecfgError {
  const why = 'it never was, or it was delivered longer ago than events are kept';
  return new SagecfgError('no-input', `there is no event ${JSON.stringify(id)}: ${why}`);
}
