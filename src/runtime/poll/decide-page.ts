import type { PollPlan } from '../poll-plan.ts';
import type { DeletionSight, SourceRecord } from '../ports/source.ts';
import type { NewEvent } from '../ports/event.ts';
import type { LedgerEntry } from '../ports/poll-store.ts';
import { decide } from './decide.ts';
import type { Decision, ScanWindow } from './decide.ts';
import { eventIdOf } from './event-id.ts';

export interface IdentifiedRecord {
  readonly objectId: string;
  readonly record: SourceRecord;
}

export interface PageDecisions {
  readonly decisions: readonly Decision[];
  readonly ledger: readonly LedgerEntry[];
  readonly events: readonly NewEvent[];
}

/** Decides on the records of a page in their order; an object that is on it twice is compared with its first. */
export function decidePage(
  records: readonly IdentifiedRecord[],
  known: ReadonlyMap<string, LedgerEntry>,
  context: { readonly poll: PollPlan; readonly sight: DeletionSight; readonly window: ScanWindow },
): PageDecisions {
  const latest = new Map(known);
  const changed = new Map<string, LedgerEntry>();
  const decisions: Decision[] = [];
  const events: NewEvent[] = [];
  for (const { objectId, record } of records) {
    const decision = decide(record, { id: objectId, known: latest.get(objectId) }, context);
    decisions.push(decision);
    if (decision.kind === 'drop') continue;
    latest.set(objectId, decision.entry);
    changed.set(objectId, decision.entry);
    if (decision.kind === 'event') events.push(toEvent(decision, { objectId, record }, context));
  }
  return { decisions, ledger: [...changed.values()], events };
}

function toEvent(
  decision: Extract<Decision, { kind: 'event' }>,
  { objectId, record }: IdentifiedRecord,
  { poll, window }: { readonly poll: PollPlan; readonly window: ScanWindow },
): NewEvent {
  const { instanceId, resource } = poll;
  return {
    id: eventIdOf({ instanceId, resource, objectId, version: decision.version }),
    objectId,
    type: decision.type,
    reason: decision.reason,
    dateMs: decision.dateMs ?? window.signpostMs,
    pollDateMs: window.signpostMs,
    record: JSON.stringify(record),
  };
}
