import type { DatabaseSync } from 'node:sqlite';
import { integer } from './row.ts';

/*
 * Which notification carries an event stands in `carried`: by runs of events that follow each other without a gap, as they
 * mostly do where there are many. The rows of the events are not written for it, nor when they are delivered.
 */

/** The events of `carried`, for a query that has it. */
export const eventsOfRun =
  'events ON events.sequence BETWEEN carried.first_sequence AND carried.last_sequence';

/** After `FROM notifications`, or another table of theirs: what each carries. */
export const theirEvents = `
  CROSS JOIN carried INDEXED BY carried_of_notification
    ON carried.notification_sequence = notifications.sequence
  CROSS JOIN ${eventsOfRun}`;

/** The run that holds the event with this number, if one does: condition on `carried`. */
export function holds(eventSequence: string): string {
  return `
    carried.first_sequence = (SELECT max(first_sequence) FROM carried WHERE first_sequence <= ${eventSequence})
    AND carried.last_sequence >= ${eventSequence}`;
}

interface Run {
  readonly first: number;
  readonly last: number;
}

/** Puts events into a notification: none of them waits any more. */
export type Carry = (
  notification: { readonly sequence: number | bigint; readonly instanceId: string },
  eventSequences: readonly number[],
) => void;

export function prepareCarry(database: DatabaseSync): Carry {
  const insert = database.prepare('INSERT INTO carried VALUES (?, ?, ?)');
  const remove = database.prepare(`
    DELETE FROM waiting WHERE is_replay IN (0, 1) AND instance_id = ? AND event_sequence BETWEEN ? AND ?`);
  return ({ sequence, instanceId }, eventSequences) => {
    for (const { first, last } of runsOf(eventSequences)) {
      insert.run(first, last, sequence);
      remove.run(instanceId, first, last);
    }
  };
}

/** Takes events, a JSON list of their numbers, out of the notifications that carry or have delivered them. */
export function prepareRelease(database: DatabaseSync): (eventSequences: readonly number[]) => void {
  const select = database.prepare(`
    SELECT DISTINCT first_sequence, last_sequence, notification_sequence
    FROM json_each(?) AS released CROSS JOIN carried ON ${holds('released.value')}`);
  const remove = database.prepare('DELETE FROM carried WHERE first_sequence = ?');
  const insert = database.prepare('INSERT INTO carried VALUES (?, ?, ?)');
  return (eventSequences) => {
    const released = new Set(eventSequences);
    for (const row of select.all(JSON.stringify(eventSequences))) {
      const first = integer(row, 'first_sequence');
      const length = integer(row, 'last_sequence') - first + 1;
      remove.run(first);
      const kept = Array.from({ length }, (_, index) => first + index).filter((each) => !released.has(each));
      for (const run of runsOf(kept)) insert.run(run.first, run.last, integer(row, 'notification_sequence'));
    }
  };
}

function runsOf(sequences: readonly number[]): readonly Run[] {
  const runs: { first: number; last: number }[] = [];
  for (const sequence of sequences.toSorted((left, right) => left - right)) {
    const latest = runs.at(-1);
    if (latest !== undefined && sequence === latest.last + 1) latest.last = sequence;
    else runs.push({ first: sequence, last: sequence });
  }
  return runs;
}
