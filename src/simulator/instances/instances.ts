import type { Random } from '../random.ts';
import type { InstanceDefinition, PlatformInstance } from './platform-instance.ts';

/** The instances of one organisation, oldest first. Two of one name may exist, as on the platform. */
export interface Instances {
  /** What a caller of the platform proves who he is with. */
  readonly userSecret: string;
  readonly organizationSecret: string;
  add(definition: InstanceDefinition): PlatformInstance;
  get(id: number): PlatformInstance | undefined;
  byToken(token: string): PlatformInstance | undefined;
  list(): readonly PlatformInstance[];
  remove(id: number): void;
}

export function createInstances(random: Random): Instances {
  const byId = new Map<number, PlatformInstance>();
  const byToken = new Map<string, PlatformInstance>();
  let nextId = 400_000 + random.integer(100_000);
  return {
    userSecret: `simulator-user-${random.hex()}`,
    organizationSecret: `simulator-organization-${random.hex()}`,
    add: ({ elementKey, name, tags = [], tenant, configuration, isVerbatim = false, ...rest }) => {
      const instance: PlatformInstance = {
        id: nextId,
        token: `simulator-element-${random.hex()}`,
        elementKey,
        name,
        tags,
        tenant,
        configuration: new Map(Object.entries(configuration)),
        isEnabled: true,
        isVerbatim,
        externalAuthentication: rest.externalAuthentication ?? 'none',
        events: [],
      };
      nextId += 1;
      byId.set(instance.id, instance);
      byToken.set(instance.token, instance);
      return instance;
    },
    get: (id) => byId.get(id),
    byToken: (token) => byToken.get(token),
    list: () => [...byId.values()],
    remove: (id) => {
      const instance = byId.get(id);
      if (instance !== undefined) byToken.delete(instance.token);
      byId.delete(id);
    },
  };
}
