import type { DatabaseSync } from 'node:sqlite';
import { renderByRecipe } from '../../deliver/envelope.ts';
import type { StoredEvent } from '../../ports/event.ts';
import type { NewNotification } from '../../ports/outbox-store.ts';
import { bytes, integer, optionalInteger, text } from './row.ts';
import type { Row } from './row.ts';
import { holds, theirEvents } from './sqlite-carried.ts';
import { eventColumns, toEvent } from './sqlite-events.ts';
import { recordOf } from './sqlite-records.ts';

/*
 * Most of a body is the records of its events, which are in the state already. Where a body can be made again from them,
 * only its recipe is kept: to write the body and to delete it again cost more than all else that a delivery writes.
 */

/** Columns of `notifications` that `bodyOf` needs. */
export const bodyColumns = 'id, body, recipe_id, created_ms';

export function prepareEventsOf(database: DatabaseSync): (notificationId: string) => readonly StoredEvent[] {
  const select = database.prepare(`
    SELECT ${eventColumns('events')}, ${recordOf('events')}
    FROM notifications
      ${theirEvents}
    WHERE notifications.id = ? ORDER BY events.sequence`);
  return (id) => select.all(id).map(toEvent);
}

/** Gives the body of a row of `notifications`: as it is kept, or made again. */
export function prepareBodyOf(database: DatabaseSync): (row: Row) => Uint8Array {
  const eventsOf = prepareEventsOf(database);
  const select = database.prepare('SELECT ingredients FROM recipes WHERE id = ?');
  return (row) => {
    const recipeId = optionalInteger(row, 'recipe_id');
    if (recipeId === undefined) return bytes(row, 'body');
    const ingredients = text(select.get(recipeId) ?? {}, 'ingredients');
    const id = text(row, 'id');
    return renderByRecipe(id, { ingredients, madeMs: integer(row, 'created_ms') }, eventsOf(id));
  };
}

/** What is kept of a new notification: its body, or the number of its recipe. */
export function prepareBodyKeeping(
  database: DatabaseSync,
): (notification: NewNotification) => { readonly body: Uint8Array | null; readonly recipeId: number | null } {
  const insert = database.prepare('INSERT INTO recipes (ingredients) VALUES (?) ON CONFLICT DO NOTHING');
  const select = database.prepare('SELECT id FROM recipes WHERE ingredients = ?');
  return ({ body, recipe }) => {
    if (recipe === undefined) return { body, recipeId: null };
    const known = select.get(recipe.ingredients);
    if (known !== undefined) return { body: null, recipeId: integer(known, 'id') };
    insert.run(recipe.ingredients);
    return { body: null, recipeId: integer(select.get(recipe.ingredients) ?? {}, 'id') };
  };
}

/**
 * Writes down the bodies of notifications that wait and are about to lose some of these events: they may have been sent,
 * and are sent again as they were.
 */
export function prepareBodyFixing(database: DatabaseSync): (eventSequences: string) => void {
  const select = database.prepare(`
    SELECT ${bodyColumns} FROM notifications
    WHERE recipe_id IS NOT NULL AND sequence IN (
      SELECT notification_sequence FROM json_each(?) AS lost CROSS JOIN carried ON ${holds('lost.value')})`);
  const update = database.prepare('UPDATE notifications SET body = ?, recipe_id = NULL WHERE id = ?');
  const bodyOf = prepareBodyOf(database);
  return (eventSequences) => {
    for (const row of select.all(eventSequences)) update.run(bodyOf(row), text(row, 'id'));
  };
}
