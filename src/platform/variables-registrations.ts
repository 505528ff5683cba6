import { Secret } from '../model/secret.ts';
import { variablePrefixesOf } from './instance-names.ts';
import type { Registration, RegistrationKey, Registrations } from './registrations.ts';
import { readVariables, writeVariables } from './variables-file.ts';

export interface TextFile {
  /** Empty where there is none yet. */
  readonly read: () => Promise<string>;
  readonly write: (text: string) => Promise<void>;
}

/**
 * Registrations in a file of variables for a shell: `ACME_INSTANCE_ID`, `ACME_ELEMENT_TOKEN`, and `ACME_CREATING_SINCE_MS`
 * while a creation is under way. `instances` are all that there are, so that two that look alike get other variables.
 */
export function createVariablesRegistrations(
  file: TextFile,
  instances: readonly Pick<RegistrationKey, 'elementKey' | 'name'>[],
): Registrations {
  const prefixes = variablePrefixesOf(instances.map(({ name }) => name));
  const prefixOf = (key: Pick<RegistrationKey, 'elementKey' | 'name'>): string | undefined =>
    prefixes[instances.findIndex((each) => each.name === key.name && each.elementKey === key.elementKey)];
  let last: Promise<unknown> = Promise.resolve();
  // One after another: each reads what the one before has written.
  const change = async (registration: Registration): Promise<void> => {
    const prefix = prefixOf(registration);
    if (prefix === undefined) return;
    const text = writeVariables(await file.read(), variablesOf(prefix, registration));
    await file.write(text);
  };
  const inTurn = (registration: Registration): Promise<void> => {
    const mine = last.then(() => change(registration));
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    list: async (platform) => {
      const variables = readVariables(await file.read());
      return instances.flatMap(({ elementKey, name }, index) =>
        readRegistration({ platform, elementKey, name }, prefixes[index] ?? '', variables),
      );
    },
    write: inTurn,
    remove: (key) => inTurn({ ...key, instanceId: undefined, token: undefined, creatingSinceMs: undefined }),
  };
}

function variablesOf(prefix: string, { instanceId, token, creatingSinceMs }: Registration) {
  return [
    { name: `${prefix}_INSTANCE_ID`, value: instanceId },
    { name: `${prefix}_ELEMENT_TOKEN`, value: token?.reveal() },
    { name: `${prefix}_CREATING_SINCE_MS`, value: creatingSinceMs?.toString() },
  ];
}

function readRegistration(
  key: RegistrationKey,
  prefix: string,
  variables: ReadonlyMap<string, string>,
): readonly Registration[] {
  const instanceId = variables.get(`${prefix}_INSTANCE_ID`);
  const token = variables.get(`${prefix}_ELEMENT_TOKEN`);
  const sinceMs = Number(variables.get(`${prefix}_CREATING_SINCE_MS`));
  if (instanceId === undefined && !(sinceMs > 0)) return [];
  return [
    {
      ...key,
      instanceId,
      token: token === undefined ? undefined : new Secret(token),
      creatingSinceMs: sinceMs > 0 ? sinceMs : undefined,
    },
  ];
}
