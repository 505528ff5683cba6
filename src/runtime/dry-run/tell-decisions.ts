import type { DecidedRecord } from '../poll/scan.ts';
import type { DryDecision, DryRun } from './dry-run.ts';

export function tellDecisions({ onDecision }: DryRun): (record: DecidedRecord) => void {
  return ({ poll, kind, objectId, decision }) => {
    const about = { instance: poll.instanceId, resource: poll.resource, scan: kind, objectId };
    onDecision({ ...about, ...outcomeOf(decision) });
  };
}

function outcomeOf(decision: DecidedRecord['decision']): Pick<DryDecision, 'outcome' | 'reason'> {
  if (decision.kind === 'event') return { outcome: decision.type, reason: decision.reason };
  if (decision.kind === 'learn') return { outcome: 'learnt', reason: 'the first poll only takes note of it' };
  return { outcome: 'dropped', reason: dropReasons[decision.why] };
}

const dropReasons: Readonly<Record<Extract<DecidedRecord['decision'], { kind: 'drop' }>['why'], string>> = {
  known: 'this version was read before',
  'before-baseline': 'it changed before the first poll, or before the baseline',
  'outside-window': 'it changed before the time that was asked for',
  'after-poll-start': 'it changed after the poll began; filterByCurrentDate leaves it to the next one',
  'before-deletion': 'it is older than the deletion of the object',
  'after-window': 'it changed after --until',
  undated: 'it has no date, so a backfill cannot place it',
};
