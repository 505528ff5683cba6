import type { Io } from '../../io.ts';
import { exitCodes, type ExitCode } from '../../problem/sagecfg-error.ts';
import type { Instance } from '../../model/model.ts';
import type { DryDecision, DryNotification, DryRequest } from '../../runtime/dry-run/dry-run.ts';
import type { PollCounts, RuntimeEvent } from '../../runtime/report.ts';
import type { RuntimeOptions } from '../../runtime/runtime.ts';
import { renderDryRun } from './render-dry-run.ts';
import type { RunValues } from './run-options.ts';
import { createRuntimeLog } from './runtime-log.ts';

/** What one poll, or one page of a backfill, would do. */
export interface DryPoll {
  readonly instance: string;
  readonly resource: string;
  readonly isBackfill: boolean;
  readonly requests: readonly DryRequest[];
  readonly decisions: readonly DryDecision[];
  /** Undefined when it failed. */
  readonly counts: PollCounts | undefined;
  readonly failure: string | undefined;
}

export interface DryOutcome {
  readonly polls: readonly DryPoll[];
  readonly notifications: readonly DryNotification[];
}

/** Polls once without sending or writing anything, and shows on standard output what would have come of it. */
export async function runDry(
  instances: readonly Instance[],
  {
    values,
    settings,
    mayRefresh = false,
  }: {
    readonly values: RunValues;
    readonly settings: Omit<RuntimeOptions, 'instances' | 'references' | 'report'>;
    readonly mayRefresh?: boolean;
  },
  io: Io,
): Promise<ExitCode> {
  const { createRuntime } = await import('../../runtime/create-runtime.ts');
  const { report: log } = createRuntimeLog({ ...values, quiet: true }, io);
  const collected = collect();
  const report = (event: RuntimeEvent): void => {
    if (!collected.take(event)) log(event);
  };
  const stop = new AbortController();
  using _interrupts = io.onInterrupt(() => stop.abort());
  const { environment, workingDirectory } = io;
  const references = { environment, workingDirectory };
  await using runtime = await createRuntime({
    ...settings,
    health: undefined,
    record: undefined,
    instances,
    references,
    report,
    dryRun: { ...collected.dryRun, mayRefresh },
  });
  await runtime.runOnce(stop.signal);
  // Instances were polled side by side; a person reads them one after another.
  const polls = [...Map.groupBy(collected.polls, ({ instance }) => instance).values()].flat();
  const outcome: DryOutcome = { polls, notifications: collected.notifications };
  io.stdout.write(renderDryRun(outcome, values.format === 'json' ? 'json' : 'text'));
  return outcome.polls.some(({ failure }) => failure !== undefined) ? exitCodes.problems : exitCodes.clean;
}

interface Collected {
  readonly dryRun: Omit<NonNullable<RuntimeOptions['dryRun']>, 'mayRefresh'>;
  readonly polls: readonly DryPoll[];
  readonly notifications: readonly DryNotification[];
  /** Whether the event ended a poll, so that it is told in its place. */
  readonly take: (event: RuntimeEvent) => boolean;
}

/** The polls of an instance run one after another, so what was asked and decided since the last belongs to the next that ends. */
function collect(): Collected {
  const requests = new Map<string, DryRequest[]>();
  const decisions = new Map<string, DryDecision[]>();
  const polls: DryPoll[] = [];
  const notifications: DryNotification[] = [];
  return {
    dryRun: {
      onRequest: (request) => pushTo(requests, request.instance, request),
      onDecision: (decision) => pushTo(decisions, decision.instance, decision),
      onNotification: (notification) => notifications.push(notification),
    },
    polls,
    notifications,
    take: (event) => {
      if (!isPollEnd(event)) return false;
      const { instance, resource } = event;
      polls.push({
        instance,
        resource,
        isBackfill: event.kind.startsWith('backfill-'),
        requests: takeAll(requests, instance),
        decisions: takeAll(decisions, instance),
        counts: 'counts' in event ? event.counts : undefined,
        failure: 'reason' in event ? event.reason : undefined,
      });
      return true;
    },
  };
}

type PollEnd = Extract<
  RuntimeEvent,
  {
    readonly kind:
      | 'poll-finished'
      | 'poll-failed'
      | 'backfill-page'
      | 'backfill-finished'
      | 'backfill-failed';
  }
>;

function isPollEnd(event: RuntimeEvent): event is PollEnd {
  return event.kind.startsWith('backfill-') || event.kind === 'poll-finished' || event.kind === 'poll-failed';
}

function pushTo<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function takeAll<Item>(lists: Map<string, Item[]>, key: string): readonly Item[] {
  const list = lists.get(key) ?? [];
  lists.delete(key);
  return list;
}
