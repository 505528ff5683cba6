import { pollLoads, requestsADay } from '../lint/poll-load.ts';
import { expandStringified } from '../document/expand-stringified.ts';
import { readDocuments } from '../document/read-documents.ts';
import type { Instance } from '../model/model.ts';
import { readInstance } from '../model/read-instance.ts';
import { compareInstance, type CompareOptions, type KeyChange, type UnknownKey } from './compare-instance.ts';
import type { DesiredInstance, RefusedInstance } from './desired-instance.ts';
import { renderExport, type LiveInstance } from './live-instance.ts';
import { matchInstances, type Match } from './match-instances.ts';

export type PlannedAction =
  | { readonly kind: 'create'; readonly desired: DesiredInstance }
  | {
      readonly kind: 'change' | 'keep';
      readonly desired: DesiredInstance;
      readonly live: LiveInstance;
      readonly changes: readonly KeyChange[];
      readonly unknown: readonly UnknownKey[];
    }
  | { readonly kind: 'delete'; readonly live: LiveInstance }
  | { readonly kind: 'refused'; readonly refused: RefusedInstance };

export interface Plan {
  readonly actions: readonly PlannedAction[];
  /** Live instances of no file, which stay. */
  readonly unmanaged: readonly LiveInstance[];
  /** Of all that the files describe, as `quota-exceeded` counts them. */
  readonly requestsADay: { readonly before: number; readonly after: number };
}

export interface PlanOptions extends CompareOptions {
  /** Delete live instances that no file describes: those of the files' elements. */
  readonly prune: boolean;
  /** Names to work on; undefined for all. */
  readonly only: readonly string[] | undefined;
}

export interface PlanInput {
  readonly desired: readonly DesiredInstance[];
  readonly refused: readonly RefusedInstance[];
  readonly live: readonly LiveInstance[];
}

/** Compares what files want with what there is. */
export function planInstances({ desired, refused, live }: PlanInput, options: PlanOptions): Plan {
  const found = matchInstances(desired, live);
  const isMeant = ({ name }: { readonly name: string }): boolean => options.only?.includes(name) ?? true;
  const elements = new Set(desired.map(({ elementKey }) => elementKey));
  const pruned = options.prune
    ? found.unmanaged.filter((each) => elements.has(each.elementKey) && isMeant(each))
    : [];
  const matches = found.matches.filter((match) => isMeant(match.desired));
  return {
    actions: [
      ...[...refused, ...found.refused]
        .filter(isMeant)
        .map((each) => ({ kind: 'refused', refused: each }) as const),
      ...matches.map((match) => planMatch(match, options)),
      ...pruned.map((each) => ({ kind: 'delete', live: each }) as const),
    ],
    unmanaged: found.unmanaged.filter((each) => isMeant(each) && !pruned.includes(each)),
    requestsADay: {
      before: requestsOf([...matches.flatMap((match) => match.live ?? []), ...pruned].flatMap(toInstance)),
      after: requestsOf(matches.map((match) => match.desired.instance)),
    },
  };
}

function planMatch({ desired, live }: Match, options: CompareOptions): PlannedAction {
  if (live === undefined) return { kind: 'create', desired };
  const compared = compareInstance(desired, live, options);
  return { kind: compared.changes.length > 0 ? 'change' : 'keep', desired, live, ...compared };
}

function requestsOf(instances: readonly Instance[]): number {
  return requestsADay(pollLoads(instances));
}

function toInstance(live: LiveInstance): readonly Instance[] {
  const kind = 'instance-export';
  const text = renderExport(live);
  const [document] = readDocuments(text, { syntax: 'json' });
  const root = document?.root && expandStringified(document.root).root;
  return root?.kind === 'mapping' ? [readInstance(root, { kind, pointer: '', text })] : [];
}
