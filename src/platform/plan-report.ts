import { createHash } from 'node:crypto';
import type { Value } from '../document/to-value.ts';
import type { ReferenceSources } from '../model/secret.ts';
import { version } from '../version.ts';
import type { KeyChange, UnknownKey } from './compare-instance.ts';
import { secretsOf, type DesiredInstance } from './desired-instance.ts';
import { createMask } from './mask.ts';
import type { Plan, PlannedAction } from './plan-instances.ts';

/** A plan as it is shown and saved: without a secret. The contract, version 1.0: `schemas/plan.schema.json`. */
export interface PlanReport {
  readonly formatVersion: '1.0';
  readonly tool: { readonly name: 'sagecfg'; readonly version: string };
  readonly platform: string;
  readonly summary: Readonly<Record<PlannedAction['kind'] | 'unmanaged', number>>;
  readonly requestsADay: { readonly before: number; readonly after: number };
  readonly actions: readonly ActionReport[];
  /** Live instances that no file describes, and that stay. */
  readonly unmanaged: readonly { readonly name: string; readonly id: string }[];
  /** Tells whether a saved plan is still the one that there would be. */
  readonly fingerprint: string;
}

export interface ActionReport {
  readonly action: PlannedAction['kind'];
  readonly name: string;
  readonly element?: string;
  readonly id?: string;
  readonly file?: string;
  readonly needsAuthentication: boolean;
  readonly changes: readonly ChangeReport[];
  readonly unknown: readonly UnknownKey[];
  /** Why nothing can be done. */
  readonly why?: string;
}

export interface ChangeReport {
  readonly key: string;
  readonly path: readonly string[];
  readonly kind: KeyChange['kind'];
  readonly before?: Value;
  readonly after?: Value;
  readonly isSecret: boolean;
  readonly needsAuthentication: boolean;
}

export function reportPlan(
  { actions, unmanaged, requestsADay }: Plan,
  { platform, references }: { readonly platform: string; readonly references: ReferenceSources },
): PlanReport {
  const mask = createMask(actions.flatMap((action) => secretsIn(action, references)));
  const reports = actions.map((action) => reportAction(action, mask));
  const count = (kind: PlannedAction['kind']): number => actions.filter((each) => each.kind === kind).length;
  const shown = {
    platform: mask(platform),
    actions: reports,
    unmanaged: unmanaged.map(({ name, id }) => ({ name: mask(name), id })),
  };
  return {
    formatVersion: '1.0',
    tool: { name: 'sagecfg', version },
    ...shown,
    summary: {
      create: count('create'),
      change: count('change'),
      delete: count('delete'),
      refused: count('refused'),
      keep: count('keep'),
      unmanaged: unmanaged.length,
    },
    requestsADay,
    // What merely is there as well may come and go.
    fingerprint: fingerprintOf([shown.platform, reports.filter(({ action }) => action !== 'keep')]),
  };
}

/** Exit code 1 of `plan`: something would be done, or cannot be. */
export function hasWork({ summary }: Pick<PlanReport, 'summary'>): boolean {
  return summary.create + summary.change + summary.delete + summary.refused > 0;
}

function secretsIn(action: PlannedAction, references: ReferenceSources): readonly string[] {
  return 'desired' in action ? secretsOf(action.desired, references) : [];
}

function reportAction(action: PlannedAction, mask: (text: string) => string): ActionReport {
  const none = { needsAuthentication: false, changes: [], unknown: [] };
  switch (action.kind) {
    case 'create':
      return { action: 'create', ...labelsOf(action.desired), ...none, needsAuthentication: true };
    case 'delete': {
      const { name, elementKey, id } = action.live;
      return { action: 'delete', name: mask(name), element: elementKey, id, ...none };
    }
    case 'refused': {
      const { name, file, why } = action.refused;
      return { action: 'refused', name, file, ...none, why };
    }
    case 'change':
    case 'keep':
      return {
        action: action.kind,
        ...labelsOf(action.desired),
        id: action.live.id,
        needsAuthentication: action.changes.some(({ needsLogin }) => needsLogin),
        changes: action.changes.map((change) => reportChange(change, mask)),
        unknown: action.unknown,
      };
    default:
      return action satisfies never;
  }
}

function labelsOf({
  name,
  elementKey,
  file,
}: DesiredInstance): Pick<ActionReport, 'name' | 'element' | 'file'> {
  return { name, element: elementKey, file };
}

function reportChange(
  { key, path, kind, before, after, isSecret, needsLogin }: KeyChange,
  mask: (text: string) => string,
): ChangeReport {
  return {
    key,
    path,
    kind,
    ...(before !== undefined && { before: maskValue(before, mask) }),
    ...(after !== undefined && { after: maskValue(after, mask) }),
    isSecret,
    needsAuthentication: needsLogin,
  };
}

function maskValue(value: Value, mask: (text: string) => string): Value {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item: Value) => maskValue(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, maskValue(each, mask)]));
}

function fingerprintOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
