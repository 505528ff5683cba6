import type { InstancePlan } from '../poll-plan.ts';
import type { EndpointGate } from './endpoint-gate.ts';
import { endpointNameOf } from './endpoint-name.ts';

/** How many notifications may still be started, of an instance. */
export interface Places {
  readonly of: (instanceId: string) => number;
  readonly take: (instanceId: string) => void;
}

/** How much may be started now, when what was accepted is written. */
export interface Fill {
  left: number;
  readonly places: Places;
}

/** Of all instances. */
export const mostInFlight = 64;

/** Of one instance: a receiver that hangs must not take every place. */
export const mostPerInstance = 8;

/** Places of each instance by what is under way: its own, and what its receiver may get. */
export function countPlaces(
  {
    instances,
    endpoints,
  }: { readonly instances: ReadonlyMap<string, InstancePlan>; readonly endpoints: EndpointGate },
  inFlight: ReadonlyMap<string, { readonly instanceId: string }>,
): Places {
  const ofInstance = new Map<string, number>();
  const ofEndpoint = new Map<string, number>();
  const endpointOf = (id: string): string | undefined => {
    const instance = instances.get(id);
    return instance === undefined ? undefined : endpointNameOf(instance.target);
  };
  const take = (id: string): void => {
    ofInstance.set(id, (ofInstance.get(id) ?? 0) + 1);
    const endpoint = endpointOf(id) ?? '';
    ofEndpoint.set(endpoint, (ofEndpoint.get(endpoint) ?? 0) + 1);
  };
  for (const { instanceId } of inFlight.values()) take(instanceId);
  return {
    of: (id) => {
      const endpoint = endpointOf(id);
      if (endpoint === undefined) return 0;
      const left = endpoints.places(endpoint) - (ofEndpoint.get(endpoint) ?? 0);
      return Math.max(0, Math.min(mostPerInstance - (ofInstance.get(id) ?? 0), left));
    },
    take,
  };
}
