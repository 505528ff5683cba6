import type { PollCounts } from '../report.ts';
import type { Decision } from './decide.ts';

export const noCounts: PollCounts = {
  pages: 0,
  records: 0,
  events: { CREATED: 0, UPDATED: 0, DELETED: 0 },
  learnt: 0,
  dropped: {
    known: 0,
    'before-baseline': 0,
    'outside-window': 0,
    'after-poll-start': 0,
    'before-deletion': 0,
    'after-window': 0,
    undated: 0,
  },
  unreadableDates: 0,
};

/** The counts with one more page. */
export function countPage(counts: PollCounts, decisions: readonly Decision[]): PollCounts {
  const events = { ...counts.events };
  const dropped = { ...counts.dropped };
  let { learnt, unreadableDates } = counts;
  for (const decision of decisions) {
    if (decision.kind === 'event') events[decision.type] += 1;
    else if (decision.kind === 'drop') dropped[decision.why] += 1;
    else learnt += 1;
    if (decision.hasUnreadableDate) unreadableDates += 1;
  }
  const records = counts.records + decisions.length;
  return { pages: counts.pages + 1, records, events, learnt, dropped, unreadableDates };
}

export function countTogether(left: PollCounts, right: PollCounts): PollCounts {
  return {
    pages: left.pages + right.pages,
    records: left.records + right.records,
    events: sum(left.events, right.events),
    learnt: left.learnt + right.learnt,
    dropped: sum(left.dropped, right.dropped),
    unreadableDates: left.unreadableDates + right.unreadableDates,
  };
}

function sum<Counts extends Readonly<Record<string, number>>>(one: Counts, other: Counts): Counts {
  const totals = Object.entries(one).map(([key, count]) => [key, count + (other[key] ?? 0)]);
  return Object.fromEntries(totals) as Counts; // the same keys
}
