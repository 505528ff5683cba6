import { Secret } from '../model/secret.ts';
import type { ApplyPorts } from './apply-ports.ts';
import type { DesiredInstance } from './desired-instance.ts';
import { findCreated } from './find-created.ts';
import { withLogin } from './log-in.ts';
import type { LiveInstance } from './live-instance.ts';
import type { Registration } from './registrations.ts';
import { buildWholeBody } from './request-body.ts';

export type CreateResult =
  | { readonly ok: true; readonly registration: KnownRegistration; readonly wasFound: boolean }
  | { readonly ok: false; readonly message: string };

type KnownRegistration = Registration & { readonly instanceId: string };

export interface CreateContext {
  /** An earlier creation of the same instance whose end is not known. */
  readonly begun: Registration | undefined;
  /** Ids of instances that were there before, and are others. */
  readonly strangers: ReadonlySet<string>;
}

const mostAttempts = 3;

/**
 * Creates an instance once, whatever happens on the way. That it is begun is written down before it is sent, so that
 * after a kill it is looked for before it is sent again; the same when its answer is lost.
 */
export async function createInstance(
  desired: DesiredInstance,
  { begun, strangers }: CreateContext,
  ports: ApplyPorts,
): Promise<CreateResult> {
  const { client, clock } = ports;
  let sinceMs = begun?.creatingSinceMs;
  let lost = '';
  for (let attempt = 1; ; attempt += 1) {
    if (sinceMs !== undefined) {
      const found = await findCreated(desired, { sinceMs, strangers }, ports);
      if (!found.ok) return { ok: false, message: found.failure.message };
      if (found.value !== undefined) return register(desired, found.value, { wasFound: true }, ports);
    }
    if (attempt > mostAttempts) return { ok: false, message: lost };
    const ready = await withLogin(desired, ports);
    if ('why' in ready) return forget(desired, ready.why, ports);
    const built = buildWholeBody(ready.desired, ready.references);
    if (built.kind === 'refused') return forget(desired, built.why, ports);
    sinceMs = clock.now();
    await writeRegistration(desired, { creatingSinceMs: sinceMs }, ports);
    const created = await client.create(built.body);
    if (created.ok) return register(desired, created.value, { wasFound: false }, ports);
    const { isUncertain, message } = created.failure;
    if (!isUncertain) return forget(desired, message, ports);
    lost = message;
  }
}

/** Writes down what is known of an instance. A token that is not shown leaves the one that was known. */
export async function registerInstance(
  desired: DesiredInstance,
  live: LiveInstance,
  known: Registration | undefined,
  ports: Pick<ApplyPorts, 'platform' | 'registrations'>,
): Promise<void> {
  const isOther = known?.instanceId !== live.id;
  const token = live.token === undefined ? (isOther ? undefined : known.token) : new Secret(live.token);
  const isSame = !isOther && known.creatingSinceMs === undefined && known.token?.reveal() === token?.reveal();
  if (!isSame) await writeRegistration(desired, { instanceId: live.id, token }, ports);
}

async function register(
  desired: DesiredInstance,
  live: LiveInstance,
  { wasFound }: { readonly wasFound: boolean },
  ports: ApplyPorts,
): Promise<CreateResult> {
  const token = live.token === undefined ? undefined : new Secret(live.token);
  const known = { instanceId: live.id, token, creatingSinceMs: undefined };
  const registration = { ...keyOf(desired, ports), ...known };
  await ports.registrations.write(registration);
  return { ok: true, registration, wasFound };
}

/** It was certainly not created, so nothing has to be looked for. */
async function forget(desired: DesiredInstance, message: string, ports: ApplyPorts): Promise<CreateResult> {
  await ports.registrations.remove(keyOf(desired, ports));
  return { ok: false, message };
}

async function writeRegistration(
  desired: DesiredInstance,
  known: Partial<Pick<Registration, 'instanceId' | 'token' | 'creatingSinceMs'>>,
  ports: Pick<ApplyPorts, 'platform' | 'registrations'>,
): Promise<void> {
  const { instanceId, token, creatingSinceMs } = known;
  await ports.registrations.write({ ...keyOf(desired, ports), instanceId, token, creatingSinceMs });
}

export function keyOf(
  { elementKey, name }: Pick<DesiredInstance, 'elementKey' | 'name'>,
  { platform }: Pick<ApplyPorts, 'platform'>,
) {
  return { platform, elementKey, name };
}
