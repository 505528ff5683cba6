import type { Secret } from '../model/secret.ts';
import type { InstancePlan } from './poll-plan.ts';
import type { RegistrationStore } from './ports/registration-store.ts';

/** What opens an instance's data on the platform: the token of its file, or the one that `sagecfg apply` was given. */
export async function findElementToken(
  { id, elementKey, hub }: Pick<InstancePlan, 'id' | 'elementKey' | 'hub'>,
  registrations: RegistrationStore,
): Promise<Secret | undefined> {
  if (hub === undefined || hub.elementToken !== undefined) return hub?.elementToken;
  const known = await registrations.list(hub.platform);
  return known.find((each) => each.name === id && each.elementKey === elementKey)?.token;
}
