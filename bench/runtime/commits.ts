import { instancesFor, openWorkplace, pageOf, percentile, planOf, settlePolls } from './prepare.ts';

export interface CommitTimes {
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Commits pages of 200 changed records, each with its ledger and its events, one after the other. */
export async function measureCommits(pages: number): Promise<CommitTimes> {
  await using workplace = await openWorkplace();
  const plans = instancesFor(1, { callbackUrl: 'http://127.0.0.1:9/' }).map(planOf);
  const timesMs: number[] = [];
  await workplace.fill(async (store) => {
    await settlePolls(store, plans);
    const key = plans[0]?.polls[0]?.key ?? '';
    for (let page = 0; page < pages; page += 1) {
      const commit = pageOf(key, page * 200, 200, () => page);
      const startedMs = performance.now();
      await store.polls.commitPage(commit);
      timesMs.push(performance.now() - startedMs);
    }
  });
  return { medianMs: percentile(timesMs, 0.5), p99Ms: percentile(timesMs, 0.99) };
}
