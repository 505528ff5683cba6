import { SagecfgError } from '../../problem/sagecfg-error.ts';
import type { EventFilter, EventState, EventType } from '../../runtime/ports/event.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';
import { parseInstant } from './parse-instant.ts';

const states = ['pending', 'delivered', 'dead'] as const satisfies readonly EventState[];
const types = ['CREATED', 'UPDATED', 'DELETED'] as const satisfies readonly EventType[];

/** Which events are meant. */
export const eventFilterOptions = {
  instance: { type: 'string', placeholder: 'NAME', description: 'Only those of this instance' },
  resource: { type: 'string', placeholder: 'NAME', description: 'Only those of this resource' },
  object: { type: 'string', placeholder: 'ID', description: 'Only those of the object with this id' },
  type: { type: 'string', choices: types, description: 'Only those of this type' },
  'event-state': {
    type: 'string',
    choices: states,
    description: 'Only those that wait (pending), were delivered, or given up (dead)',
  },
  since: { type: 'string', placeholder: 'TIME', description: 'Only those found by polls from then on' },
  until: { type: 'string', placeholder: 'TIME', description: 'Only those found by polls before' },
} as const satisfies OptionDefinitions;

type FilterFlags = OptionValues<typeof eventFilterOptions>;

/** Throws `SagecfgError` for a time that is none. */
export function eventFilterFrom(flags: FilterFlags, ids: readonly string[]): EventFilter {
  const { instance, resource, object, since, until } = flags;
  const type = types.find((each) => each === flags.type);
  const state = states.find((each) => each === flags['event-state']);
  const fromMs = since === undefined ? undefined : parseInstant('since', since);
  const untilMs = until === undefined ? undefined : parseInstant('until', until);
  if (fromMs !== undefined && untilMs !== undefined && untilMs <= fromMs) {
    throw new SagecfgError('usage', `--until ${JSON.stringify(until)} is not after --since`);
  }
  return {
    ...(ids.length > 0 && { ids }),
    ...(instance !== undefined && { instanceId: instance }),
    ...(resource !== undefined && { resource }),
    ...(object !== undefined && { objectId: object }),
    ...(type !== undefined && { type }),
    ...(state !== undefined && { state }),
    ...(fromMs !== undefined && { fromMs }),
    ...(untilMs !== undefined && { untilMs }),
  };
}
