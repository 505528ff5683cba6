import { instancesFor, openWorkplace, pageOf, percentile, planOf, settlePolls } from './prepare.ts';

export interface CommitTimes {
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Processor time of one, which a busy machine does not change. */
  readonly processorMs: number;
}

/** Commits pages of 200 changed records, each with its ledger and its events, one after the other. */
export async function measureCommits(pages: number): Promise<CommitTimes> {
  await using workplace = await openWorkplace();
  const plans = instancesFor(1, { callbackUrl: 'http://127.0.0.1:9/' }).map(planOf);
  const timesMs: number[] = [];
  let processorMicros = 0;
  await workplace.fill(async (store) => {
    await settlePolls(store, plans);
    const key = plans[0]?.polls[0]?.key ?? '';
    for (let page = 0; page < pages; page += 1) {
      const commit = pageOf(key, page * 200, 200, () => page);
      const before = process.cpuUsage();
      const startedMs = performance.now();
      await store.polls.commitPage(commit);
      timesMs.push(performance.now() - startedMs);
      const { user, system } = process.cpuUsage(before);
      processorMicros += user + system;
    }
  });
  return {
    medianMs: percentile(timesMs, 0.5),
    p99Ms: percentile(timesMs, 0.99),
    processorMs: processorMicros / pages / 1000,
  };
}
