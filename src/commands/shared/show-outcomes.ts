import type { Io } from '../../io.ts';
import type { ActionOutcome } from '../../platform/apply-ports.ts';
import type { Plan } from '../../platform/plan-instances.ts';
import { exitCodes, type ExitCode } from '../../problem/sagecfg-error.ts';
import { visibleText } from '../../report/visible-text.ts';

/** A line for each action that is over, but for those that had nothing to do. */
export function progressOf({ actions }: Plan, io: Io): (outcome: ActionOutcome) => void {
  const total = actions.filter(({ kind }) => kind !== 'keep').length;
  let count = 0;
  return (outcome) => {
    if (outcome.action === 'keep' && outcome.status !== 'failed') return;
    count += 1;
    io.stderr.write(`[${Math.min(count, total)}/${total}] ${describeOutcome(outcome)}\n`);
  };
}

const done = {
  create: 'created',
  change: 'changed',
  delete: 'deleted',
  keep: 'kept',
  refused: 'refused',
} as const;

function describeOutcome({ action, name, id, status, message }: ActionOutcome): string {
  const label = `${visibleText(name)}${id === undefined ? '' : ` (${visibleText(id)})`}`;
  const verb =
    status === 'done' ? done[action] : status === 'failed' ? `could not ${action}` : `did not ${action}`;
  return `${verb} ${label}${message === undefined ? '' : `: ${visibleText(message)}`}`;
}

export function showResult(
  outcomes: readonly ActionOutcome[],
  { place, format }: { readonly place: string; readonly format: string | undefined },
  io: Io,
): ExitCode {
  const count = (status: ActionOutcome['status'], action?: ActionOutcome['action']): number =>
    outcomes.filter((each) => each.status === status && (action ?? each.action) === each.action).length;
  const summary = {
    created: count('done', 'create'),
    changed: count('done', 'change'),
    deleted: count('done', 'delete'),
    kept: count('done', 'keep'),
    failed: count('failed'),
    skipped: count('skipped'),
  };
  if (format === 'json') io.stdout.write(`${JSON.stringify({ summary, outcomes })}\n`);
  else {
    const parts = Object.entries(summary).map(([word, number]) => `${number} ${word}`);
    io.stdout.write(`${parts.join(', ')}; ids and tokens are in ${place}\n`);
  }
  return summary.failed + summary.skipped > 0 ? exitCodes.problems : exitCodes.clean;
}
