import type { InstanceDefinition } from '../../src/simulator/instances/platform-instance.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { runCommand, type CommandResult, type CommandSurroundings } from '../command-line.ts';

/** Runs a command that talks to the simulator's platform. */
export async function runOnPlatform(
  simulator: Simulator,
  argumentList: readonly string[],
  { environment = {}, ...surroundings }: CommandSurroundings = {},
): Promise<CommandResult> {
  return await runCommand([...argumentList, '--platform-base-url', simulator.platformUrl, '--no-config'], {
    ...surroundings,
    environment: { ...platformEnvironment(simulator), ...environment },
  });
}

function platformEnvironment({ instances }: Simulator): Record<string, string> {
  return {
    SAGECFG_USER_SECRET: instances.userSecret,
    SAGECFG_ORGANIZATION_SECRET: instances.organizationSecret,
  };
}

export const plantedKey = 'planted-signature-key-0001';

/** A poller entry as the vendor's sample has it, its quote closed. */
function pollerEntry(resource: string): Record<string, unknown> {
  return {
    url: `/hubs/finance/${resource}?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at'`,
    idField: 'id',
    datesConfiguration: {
      updatedDateField: 'updated_at',
      updatedDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'",
      updatedDateTimezone: 'GMT',
      createdDateField: 'created_at',
      createdDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'",
      createdDateTimezone: 'GMT',
    },
  };
}

/** The same meaning in the shapes that the platform has had over the years, chosen by `index`. */
export function liveDefinition(index: number, name = `tenant-${index}`): InstanceDefinition {
  const poller = {
    customers: { ...pollerEntry('customers'), ...(index % 2 === 0 && { filterByUpdatedDate: 'true' }) },
    ...(index % 3 === 0 && { invoices: pollerEntry('invoices') }),
  };
  const stringified = index % 5 === 0 ? JSON.stringify(poller, undefined, 2) : JSON.stringify(poller);
  return {
    elementKey: 'sageone',
    name,
    tags: index % 7 === 0 ? [] : ['production', `group-${index % 4}`],
    isVerbatim: index % 2 === 0,
    configuration: {
      'oauth.api.key': 'client',
      'oauth.api.secret': 'planted-client-secret-0002',
      'oauth.callback.url': 'https://app.example.com/oauth',
      country: 'GB',
      'event.notification.enabled': index % 3 === 1 ? 'true' : true,
      'event.notification.callback.url': `https://app.example.com/events/${index}`,
      'event.notification.signature.key': plantedKey,
      'event.poller.refresh_interval': index % 4 === 0 ? 15 : '15',
      'event.poller.configuration': index % 2 === 0 && index % 4 === 0 ? poller : stringified,
    },
  };
}
