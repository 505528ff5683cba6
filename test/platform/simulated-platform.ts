import type { InstanceDefinition } from '../../src/simulator/instances/platform-instance.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { runCommand, type CommandResult, type CommandSurroundings } from '../command-line.ts';

/** Runs a command that talks to the simulator's platform. */
export async function runOnPlatform(
  simulator: Simulator,
  argumentList: readonly string[],
  {
    environment = {},
    baseUrl = simulator.platformUrl,
    ...surroundings
  }: CommandSurroundings & { readonly baseUrl?: string } = {},
): Promise<CommandResult> {
  return await runCommand([...argumentList, '--platform-base-url', baseUrl, '--no-config'], {
    ...surroundings,
    environment: { ...platformEnvironment(simulator), ...environment },
  });
}

export function platformEnvironment({ instances }: Simulator): Record<string, string> {
  return {
    SAGECFG_USER_SECRET: instances.userSecret,
    SAGECFG_ORGANIZATION_SECRET: instances.organizationSecret,
  };
}

export const plantedKey = 'planted-signature-key-0001';

/** A poller entry as the vendor's sample has it, its quote closed. */
export function pollerEntry(resource: string): Record<string, unknown> {
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

/** What the references of `desiredFile` refer to. */
export function tenantEnvironment({ tenants }: Simulator): Record<string, string> {
  const [tenant] = tenants;
  return {
    CLIENT_ID: tenant?.clientId ?? '',
    CLIENT_SECRET: tenant?.clientSecret ?? '',
    REFRESH_TOKEN: tenant?.refreshToken ?? '',
    CALLBACK_KEY: plantedKey,
  };
}

/** An instance that hands over a grant of its own, so that any number of them needs no code. */
export function desiredFile(name: string): string {
  return `element:
  key: sageone
name: ${name}
tags: [production]
externalAuthentication: initial
configuration:
  oauth.api.key: \${env:CLIENT_ID}
  oauth.api.secret: \${env:CLIENT_SECRET}
  oauth.callback.url: http://127.0.0.1/callback
  oauth.user.refresh_token: \${env:REFRESH_TOKEN}
  country: GB
  event.notification.enabled: true
  event.notification.callback.url: https://app.example.com/events
  event.notification.signature.key: \${env:CALLBACK_KEY}
  event.poller.refresh_interval: 15
  event.poller.configuration:
    customers: ${JSON.stringify(pollerEntry('customers'))}
`.replace('"idField":"id"', 'idField: id');
}
