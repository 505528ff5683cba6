import type { ActionOutcome, ApplyPorts } from './apply-ports.ts';
import type { ReferenceSources } from '../model/secret.ts';
import { compareInstance, type KeyChange } from './compare-instance.ts';
import { createInstance, keyOf, registerInstance } from './create-instance.ts';
import type { DesiredInstance } from './desired-instance.ts';
import type { LiveInstance } from './live-instance.ts';
import { assumeLogin, withLogin } from './log-in.ts';
import { mapConcurrently } from './map-concurrently.ts';
import type { Plan, PlannedAction } from './plan-instances.ts';
import type { Registration } from './registrations.ts';
import { buildPatch, buildWholeBody, type BuiltBody } from './request-body.ts';

/** Why an action cannot be done at all, before anything is sent. */
export function findObstacles(
  { actions }: Plan,
  { references, canLogIn }: { readonly references: ReferenceSources; readonly canLogIn: boolean },
): readonly { readonly name: string; readonly why: string }[] {
  return actions.flatMap((action) => {
    if (action.kind === 'refused') return [action.refused];
    if (action.kind !== 'create' && action.kind !== 'change') return [];
    const desired = canLogIn ? assumeLogin(action.desired) : action.desired;
    const built =
      action.kind === 'create'
        ? buildWholeBody(desired, references)
        : bodyOfChange({ ...action, desired }, references);
    return built.kind === 'refused' ? [{ name: desired.name, why: built.why }] : [];
  });
}

function bodyOfChange({ desired, changes }: Matched, references: ReferenceSources): BuiltBody {
  return needsLogin(changes) ? buildWholeBody(desired, references) : buildPatch(desired, changes, references);
}

function needsLogin(changes: readonly KeyChange[]): boolean {
  return changes.some((change) => change.needsLogin);
}

type Matched = Extract<PlannedAction, { readonly kind: 'change' | 'keep' }>;

type Told = Pick<ActionOutcome, 'id' | 'status' | 'message'>;

interface Known {
  /** Names that several instances have: what is kept by name can be kept of none of them. */
  readonly shared: ReadonlySet<string>;
  readonly registrations: ReadonlyMap<string, Registration>;
  readonly strangers: ReadonlySet<string>;
}

/** Does what a plan says, many at once; what fails does not keep the rest from being done. */
export async function applyPlan(plan: Plan, ports: ApplyPorts): Promise<readonly ActionOutcome[]> {
  const registered = await ports.registrations.list(ports.platform);
  const known: Known = {
    shared: sharedNames(plan),
    registrations: new Map(registered.map((each) => [identityOf(each), each])),
    strangers: new Set(plan.actions.flatMap((action) => ('live' in action ? [action.live.id] : []))),
  };
  const outcomes = await mapConcurrently(plan.actions, ports.concurrency, async (action) => {
    const { name } = 'desired' in action ? action.desired : 'live' in action ? action.live : action.refused;
    const told = ports.signal.aborted ? skipped : await applyAction(action, known, ports);
    const outcome = { action: action.kind, name, ...told };
    ports.report(outcome);
    return outcome;
  });
  return [...outcomes, ...(await findTwins(outcomes, ports))];
}

function sharedNames({ actions }: Plan): ReadonlySet<string> {
  const named = actions.flatMap((action) => ('desired' in action ? [identityOf(action.desired)] : []));
  const groups = Map.groupBy(named, (name) => name);
  return new Set([...groups].flatMap(([name, group]) => (group.length > 1 ? [name] : [])));
}

const skipped: Told = { id: undefined, status: 'skipped', message: undefined };

async function applyAction(action: PlannedAction, known: Known, ports: ApplyPorts): Promise<Told> {
  switch (action.kind) {
    case 'create':
      return await create(action.desired, known, ports);
    case 'change':
      return await change(action, known, ports);
    case 'keep':
      return await keep(action, known, ports);
    case 'delete':
      return await remove(action.live, ports);
    case 'refused':
      return failure(undefined, action.refused.why);
    default:
      return action satisfies never;
  }
}

async function create(desired: DesiredInstance, known: Known, ports: ApplyPorts): Promise<Told> {
  const begun = known.registrations.get(identityOf(desired));
  const created = await createInstance(desired, { begun, strangers: known.strangers }, ports);
  if (!created.ok) return failure(undefined, created.message);
  const { registration, wasFound } = created;
  const found = wasFound ? 'it was there already: an earlier creation had come through' : undefined;
  return await verify(desired, { id: registration.instanceId, note: found, known: registration }, ports);
}

async function change(action: Matched, known: Known, ports: ApplyPorts): Promise<Told> {
  const { desired, live, changes } = action;
  const isLogin = needsLogin(changes);
  const ready = isLogin ? await withLogin(desired, ports) : { desired, references: ports.references };
  if ('why' in ready) return failure(live.id, ready.why);
  const built = bodyOfChange({ ...action, desired: ready.desired }, ready.references);
  if (built.kind === 'refused') return failure(live.id, built.why);
  const sent = isLogin
    ? await ports.client.replace(live.id, built.body)
    : await ports.client.patch(live.id, built.body);
  // A login whose answer is lost may have come through, and its code is used up: looking is all that is left.
  if (!sent.ok && !(isLogin && sent.failure.isUncertain)) return failure(live.id, sent.failure.message);
  const registration = known.registrations.get(identityOf(desired));
  const told = await verify(desired, { id: live.id, note: undefined, known: registration }, ports);
  await forgetOldName(action, known, ports);
  return told.status === 'failed' && !sent.ok ? failure(live.id, sent.failure.message) : told;
}

/** What was written down under the name before belongs to the new one now. */
async function forgetOldName({ desired, live }: Matched, known: Known, ports: ApplyPorts): Promise<void> {
  if (live.name === desired.name) return;
  if (known.registrations.get(identityOf(live))?.instanceId === live.id)
    await ports.registrations.remove(keyOf(live, ports));
}

/** Nothing to change; but an id and a token that nobody has written down yet are. */
async function keep({ desired, live }: Matched, known: Known, ports: ApplyPorts): Promise<Told> {
  const registration = known.registrations.get(identityOf(desired));
  if (known.shared.has(identityOf(desired)))
    return {
      id: live.id,
      status: 'done',
      message: 'others have the same name, so its id and token are not kept',
    };
  await registerInstance(desired, live, registration, ports);
  return { id: live.id, status: 'done', message: undefined };
}

async function remove(live: LiveInstance, ports: ApplyPorts): Promise<Told> {
  const removed = await ports.client.remove(live.id);
  if (!removed.ok) return failure(live.id, removed.failure.message);
  await ports.registrations.remove(keyOf(live, ports));
  return { id: live.id, status: 'done', message: undefined };
}

/** Reads the instance again: what the platform took without a word, and did not do, is a failure. */
async function verify(
  desired: DesiredInstance,
  {
    id,
    note,
    known,
  }: { readonly id: string; readonly note: string | undefined; readonly known: Registration | undefined },
  ports: ApplyPorts,
): Promise<Told> {
  const read = await ports.client.read(id);
  if (!read.ok) return failure(id, `it was sent, but could not be read again: ${read.failure.message}`);
  await registerInstance(desired, read.value, known, ports);
  const { changes } = compareInstance(desired, read.value, {
    references: ports.references,
    withSecrets: false,
  });
  const left = [...new Set(changes.map(({ key }) => key))];
  if (left.length > 0)
    return failure(id, `the platform took it, but ${left.join(', ')} is not what was sent: run sagecfg plan`);
  if (read.value.token === undefined && known?.token === undefined)
    return {
      id,
      status: 'done',
      message: 'the platform does not show its token: it has to come from whoever created the instance',
    };
  return { id, status: 'done', message: note };
}

/** The last look: what exists twice all the same is told while somebody is there to read it. */
async function findTwins(
  outcomes: readonly ActionOutcome[],
  ports: ApplyPorts,
): Promise<readonly ActionOutcome[]> {
  const created = new Set(
    outcomes.flatMap(({ action, status, name }) => (action === 'create' && status === 'done' ? [name] : [])),
  );
  if (created.size === 0) return [];
  const listed = await ports.client.list();
  if (!listed.ok) return [];
  const groups = Map.groupBy(listed.value, ({ elementKey, name }) => JSON.stringify([elementKey, name]));
  return [...groups.values()].flatMap((group): ActionOutcome[] => {
    const [first] = group;
    if (first === undefined || group.length === 1 || !created.has(first.name)) return [];
    const ids = group.map(({ id }) => id).join(', ');
    const message = `${group.length} live instances have that name (${ids}): delete those that are too many`;
    const outcome: ActionOutcome = {
      action: 'create',
      name: first.name,
      id: undefined,
      status: 'failed',
      message,
    };
    ports.report(outcome);
    return [outcome];
  });
}

function failure(id: string | undefined, message: string): Told {
  return { id, status: 'failed', message };
}

function identityOf({ elementKey, name }: Pick<Registration, 'elementKey' | 'name'>): string {
  return JSON.stringify([elementKey, name]);
}
