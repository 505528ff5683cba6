import { findElementToken } from './find-element-token.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { compareInstances } from './compare-instances.ts';
import type { InstanceChanges } from './compare-instances.ts';
import { endpointNameOf } from './deliver/endpoint-name.ts';
import { inheritRenamed } from './inherit-renamed.ts';
import type { InstancePlan, PollPlan } from './poll-plan.ts';
import type { Delivery } from './ports/delivery.ts';
import type { Source } from './ports/source.ts';
import type { Baseline } from './ports/poll-store.ts';
import type { Store } from './ports/store.ts';
import type { Report } from './report.ts';

/** The instances that a runtime works for, each with a source of its own; which they are can change while it runs. */
export interface RunningInstances extends AsyncDisposable {
  /** Always the present ones. */
  readonly byId: ReadonlyMap<string, InstancePlan>;
  readonly poll: (key: string) => PollPlan | undefined;
  readonly polls: () => readonly PollPlan[];
  /** Reads each poll with its own instance's source. */
  readonly source: Pick<Source, 'deletionSight' | 'readPage'>;
  /**
   * Puts these in the place of those that were there. What stays as it was is not disturbed. All or nothing: throws
   * `SagecfgError` and changes nothing when one of them cannot be run.
   */
  readonly replace: (plans: readonly InstancePlan[]) => Promise<InstanceChanges>;
}

export interface InstancePorts {
  readonly store: Store;
  readonly delivery: Delivery;
  readonly baseline: Baseline;
  readonly now: () => number;
  readonly report: Report;
  readonly openSource: (plan: InstancePlan) => Source;
  /** Called when instances have left and before others come: resolves when nothing of those that left runs any more. */
  readonly adjust: () => Promise<void>;
}

export function createRunningInstances(ports: InstancePorts): RunningInstances {
  const plans = new Map<string, InstancePlan>();
  const polls = new Map<string, PollPlan>();
  const sources = new Map<string, Source>();
  const sourceOf = ({ instanceId }: PollPlan): Source => {
    const source = sources.get(instanceId);
    if (source === undefined) throw new Error(`no source was opened for instance '${instanceId}'`);
    return source;
  };

  async function replace(wanted: readonly InstancePlan[]): Promise<InstanceChanges> {
    refuseSameNames(wanted);
    const changes = compareInstances([...plans.values()], wanted);
    const fresh = new Set([...changes.added, ...changes.changed.map(({ id }) => id)]);
    const arriving = wanted.filter(({ id }) => fresh.has(id));
    await using opened = new AsyncDisposableStack();
    const newSources = new Map(arriving.map((plan) => [plan.id, opened.use(ports.openSource(plan))]));
    const renamed = new Set(changes.renamed.map(({ to }) => to));
    await refuseUnsound(arriving, { sources: newSources, renamed }, ports);
    const isNew = ({ id }: InstancePlan): boolean => !renamed.has(id);
    await ensurePolls(arriving.filter(isNew), { sources: newSources, baselines: new Map() }, ports);
    await assignEndpoints(arriving, ports);
    const before = new Map(plans);
    await remove([...changes.removed, ...changes.changed.map(({ id }) => id)]);
    // Only now do tokens and watermarks of the old names stand still.
    const baselines = await inheritRenamed(changes.renamed, { before, wanted }, ports.store);
    const heirs = arriving.filter(({ id }) => renamed.has(id));
    await ensurePolls(heirs, { sources: newSources, baselines }, ports);
    for (const plan of arriving) {
      plans.set(plan.id, plan);
      for (const poll of plan.polls) polls.set(poll.key, poll);
    }
    for (const [id, source] of newSources) sources.set(id, source);
    opened.move();
    await ports.adjust();
    return changes;
  }

  async function remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    for (const id of ids) {
      for (const { key } of plans.get(id)?.polls ?? []) polls.delete(key);
      plans.delete(id);
    }
    await ports.adjust();
    await Promise.all(ids.map(async (id) => sources.get(id)?.[Symbol.asyncDispose]()));
    for (const id of ids) sources.delete(id);
  }

  return {
    byId: plans,
    polls: () => [...polls.values()],
    poll: (key) => polls.get(key),
    source: {
      deletionSight: (poll) => sourceOf(poll).deletionSight(poll),
      readPage: (page, signal) => sourceOf(page.poll).readPage(page, signal),
    },
    replace,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...sources.values()].map((source) => source[Symbol.asyncDispose]()));
    },
  };
}

function refuseSameNames(plans: readonly InstancePlan[]): void {
  const names = new Set<string>();
  for (const { id } of plans) {
    if (names.has(id))
      throw new SagecfgError('refused', `two instances are called '${id}': give each its own 'name'`);
    names.add(id);
  }
}

async function refuseUnsound(
  plans: readonly InstancePlan[],
  {
    sources,
    renamed,
  }: {
    readonly sources: ReadonlyMap<string, Source>;
    /** They bring the grant that they had. */
    readonly renamed: ReadonlySet<string>;
  },
  { delivery, store }: Pick<InstancePorts, 'delivery' | 'store'>,
): Promise<void> {
  const refusals: string[] = [];
  for (const plan of plans) {
    const { id, target, polls, credentials, hub } = plan;
    const refuse = (why: string): number => refusals.push(`instance '${id}': ${why}`);
    const refusal = delivery.refusal(target);
    if (refusal !== undefined) refuse(`the callback '${target.url.origin}' cannot be used: ${refusal}`);
    for (const poll of polls) {
      const reason = sources.get(id)?.refusal(poll);
      if (reason !== undefined) refuse(`'${poll.resource}' cannot be polled: ${reason}`);
    }
    if (hub !== undefined && (await findElementToken(plan, store.registrations)) === undefined) {
      refuse(
        "there is no element token: write it beside 'name' as 'token', a reference such as ${env:ELEMENT_TOKEN}, or make the instance with sagecfg apply",
      );
    }
    if (credentials === undefined || renamed.has(id)) continue;
    if (credentials.refreshToken === undefined && (await store.grants.read(id)) === undefined) {
      refuse(
        "there is no grant in the state, and no 'oauth.user.refresh_token' to begin with: authorise it with sagecfg auth",
      );
    }
  }
  if (refusals.length > 0) throw new SagecfgError('refused', refusals.join('\nsagecfg: '));
}

/** Without an instance file, `sagecfg status` still has to know who has which receiver. */
async function assignEndpoints(
  plans: readonly InstancePlan[],
  { store, now }: Pick<InstancePorts, 'store' | 'now'>,
): Promise<void> {
  const assignments = plans.map(({ id, target }) => ({ instanceId: id, endpoint: endpointNameOf(target) }));
  if (assignments.length > 0) await store.endpoints.assign(assignments, now());
}

/** To a database, each is a message there and back. */
const ensuredAtOnce = 50;

async function ensurePolls(
  plans: readonly InstancePlan[],
  {
    sources,
    baselines,
  }: {
    readonly sources: ReadonlyMap<string, Source>;
    /** For polls that do not begin like the others. */
    readonly baselines: ReadonlyMap<string, Baseline>;
  },
  { store, baseline, now, report }: InstancePorts,
): Promise<void> {
  const blind: BlindPoll[] = [];
  const polls = plans.flatMap((plan) => plan.polls);
  for (let start = 0; start < polls.length; start += ensuredAtOnce) {
    const ensure = (poll: PollPlan): Promise<void> =>
      store.polls.ensure(poll, { baseline: baselines.get(poll.key) ?? baseline, nowMs: now() });
    await Promise.all(polls.slice(start, start + ensuredAtOnce).map(ensure));
  }
  for (const poll of polls) {
    const sight = sources.get(poll.instanceId)?.deletionSight(poll);
    if (sight?.kind === 'blind') blind.push({ poll, why: sight.why });
  }
  for (const group of Map.groupBy(blind, ({ poll, why }) => `${poll.resource}\n${why}`).values())
    reportBlind(group, report);
}

interface BlindPoll {
  readonly poll: PollPlan;
  readonly why: string;
}

/** A thousand tenants are blind in the same way: that is worth one line. */
function reportBlind(group: readonly BlindPoll[], report: Report): void {
  const [first] = group;
  if (first === undefined) return;
  const instances = group.map(({ poll }) => poll.instanceId);
  report({ kind: 'poll-blind', resource: first.poll.resource, why: first.why, instances });
}
