import type { EventFilter } from '../../ports/event.ts';

/** How a database says what every store must be able to ask. */
export interface ConditionWords<List> {
  /** For the value with this number, from 1. */
  readonly placeholder: (number: number) => string;
  readonly isAmong: (column: string, placeholder: string) => string;
  readonly list: (texts: readonly string[]) => List;
}

/** A condition on `events`, with the values for its placeholders. */
export function conditionOf<List>(
  { ids, fromMs, untilMs, ...equal }: EventFilter,
  { placeholder, isAmong, list }: ConditionWords<List>,
): { readonly condition: string; readonly values: readonly (string | number | List)[] } {
  const values: (string | number | List)[] = [];
  const parts: string[] = ['TRUE'];
  const add = (value: string | number | List | undefined, render: (placeholder: string) => string): void => {
    if (value === undefined) return;
    values.push(value);
    parts.push(render(placeholder(values.length)));
  };
  add(ids === undefined ? undefined : list(ids), (at) => isAmong('events.id', at));
  add(equal.instanceId, (at) => `events.instance_id = ${at}`);
  add(equal.resource, (at) => `events.resource = ${at}`);
  add(equal.objectId, (at) => `events.object_id = ${at}`);
  add(equal.type, (at) => `events.type = ${at}`);
  add(equal.state, (at) => `events.state = ${at}`);
  add(fromMs, (at) => `events.poll_date_ms >= ${at}`);
  add(untilMs, (at) => `events.poll_date_ms < ${at}`);
  return { condition: parts.join(' AND '), values };
}
