import { createRandom } from '../random.ts';
import type { World } from './world.ts';

export interface Population {
  readonly world: World;
  readonly tenants: readonly string[];
  readonly nowMs: number;
  /** What is filled; Sage's own values are as many as they are. */
  readonly names: readonly string[];
  /** Objects per tenant and name. */
  readonly count: number;
  readonly seed: number;
}

const spanMs = 90 * 86_400_000;

/** What exists before anybody looks: created over the last 90 days, a third of it changed since. */
export function populate({ world, tenants, names, nowMs, count, seed }: Population): void {
  const random = createRandom(seed, 'population');
  const stepMs = Math.floor(spanMs / (count + 1));
  for (const tenant of tenants) {
    createFixed(world, tenant, names, nowMs - spanMs);
    for (let index = 0; index < count; index += 1) {
      for (const name of names) {
        if (world.resourceOf(name).fixedIds !== undefined) continue;
        const atMs = nowMs - spanMs + index * stepMs + random.integer(stepMs);
        const { id } = world.create(tenant, name, { atMs });
        if (random.chance(1 / 3) && world.resourceOf(name).canEdit)
          world.edit(tenant, id, { atMs: Math.floor((atMs + nowMs) / 2) });
      }
    }
  }
}

/** Sage's own values are there whatever else is, and as old as anything. */
function createFixed(world: World, tenant: string, names: readonly string[], atMs: number): void {
  for (const name of names) {
    for (const _id of world.resourceOf(name).fixedIds ?? []) world.create(tenant, name, { atMs });
  }
}
