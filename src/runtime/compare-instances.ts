import { Secret } from '../model/secret.ts';
import type { InstancePlan } from './poll-plan.ts';

/** What a reload of the configuration changes, instance by instance. */
export interface InstanceChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ChangedInstance[];
}

interface ChangedInstance {
  readonly id: string;
  /** One line a difference, without secrets: `customers.intervalMs 900000 → 60000`. */
  readonly differences: readonly string[];
}

export function compareInstances(
  before: readonly InstancePlan[],
  after: readonly InstancePlan[],
): InstanceChanges {
  const old = new Map(before.map((plan) => [plan.id, plan]));
  const ids = new Set(after.map(({ id }) => id));
  return {
    added: after.flatMap(({ id }) => (old.has(id) ? [] : [id])),
    removed: before.flatMap(({ id }) => (ids.has(id) ? [] : [id])),
    changed: after.flatMap((plan) => {
      const earlier = old.get(plan.id);
      const differences = earlier === undefined ? [] : comparePlans(earlier, plan);
      return differences.length === 0 ? [] : [{ id: plan.id, differences }];
    }),
  };
}

function comparePlans(before: InstancePlan, after: InstancePlan): readonly string[] {
  const [old, current] = [flattenPlan(before), flattenPlan(after)];
  return [...new Set([...old.keys(), ...current.keys()])].flatMap((name) =>
    describeDifference(name, old.get(name), current.get(name)),
  );
}

interface Value {
  readonly text: string;
  /** May be printed. */
  readonly isPlain: boolean;
}

function describeDifference(name: string, old: Value | undefined, current: Value | undefined): string[] {
  if (old?.text === current?.text) return [];
  if (old?.isPlain === false || current?.isPlain === false) return [`${name} changed`];
  if (old === undefined) return [`${name} is new: ${current?.text ?? ''}`];
  if (current === undefined) return [`${name} is gone`];
  return [`${name} ${old.text} → ${current.text}`];
}

/** Every leaf of a plan, whatever fields it may come to have, so that no change of one goes unnoticed. */
function flattenPlan({ polls, ...rest }: InstancePlan): ReadonlyMap<string, Value> {
  const resources = polls.map(({ resource, key: _key, instanceId: _id, ...poll }) => [resource, poll]);
  return new Map([...leavesOf('', rest), ...leavesOf('', Object.fromEntries(resources))]);
}

function leavesOf(name: string, value: unknown): readonly (readonly [string, Value])[] {
  if (value === undefined || value === null) return [];
  if (value instanceof Secret) return [[name, { text: value.reveal(), isPlain: false }]];
  // A callback's address may carry a key of the receiver.
  if (value instanceof URL) return [[name, { text: value.href, isPlain: false }]];
  if (typeof value !== 'object') return [[name, { text: JSON.stringify(value), isPlain: true }]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(name === '' ? key : `${name}.${key}`, inner),
  );
}
