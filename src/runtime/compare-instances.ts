import { Secret } from '../model/secret.ts';
import type { InstancePlan } from './poll-plan.ts';

/** What a reload of the configuration changes, instance by instance. */
export interface InstanceChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ChangedInstance[];
  /** Of those removed and added: the same instance under another name. */
  readonly renamed: readonly RenamedInstance[];
}

export function isUnchanged({ added, removed, changed }: InstanceChanges): boolean {
  return added.length + removed.length + changed.length === 0;
}

export interface RenamedInstance {
  readonly from: string;
  readonly to: string;
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
  const added = after.filter(({ id }) => !old.has(id));
  const removed = before.filter(({ id }) => !ids.has(id));
  return {
    added: added.map(({ id }) => id),
    removed: removed.map(({ id }) => id),
    renamed: findRenamed(removed, added),
    changed: after.flatMap((plan) => {
      const earlier = old.get(plan.id);
      const differences = earlier === undefined ? [] : comparePlans(earlier, plan);
      return differences.length === 0 ? [] : [{ id: plan.id, differences }];
    }),
  };
}

/** Pairs that differ in nothing but the name, and that could not be paired in another way. */
function findRenamed(
  removed: readonly InstancePlan[],
  added: readonly InstancePlan[],
): readonly RenamedInstance[] {
  return removed.flatMap((before) => {
    const twins = added.filter((after) => areTwins(before, after));
    const [twin] = twins;
    const isOnly = removed.every((other) => other === before || !areTwins(other, before));
    return twin !== undefined && twins.length === 1 && isOnly ? [{ from: before.id, to: twin.id }] : [];
  });
}

function areTwins(left: InstancePlan, right: InstancePlan): boolean {
  // The number comes of the name, unless the document has one.
  return comparePlans({ ...left, id: '', number: 0 }, { ...right, id: '', number: 0 }).length === 0;
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
