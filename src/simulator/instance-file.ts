import type { Tenant } from './tenant.ts';

export interface InstanceFileOptions {
  readonly callbackUrl: string;
  /** Names to poll: `customers`. */
  readonly resources: readonly string[];
}

/**
 * A ready instance body for that tenant, YAML. Its credentials are literal because they open nothing but this
 * simulator, for as long as it runs.
 */
export function renderInstanceFile(tenant: Tenant, { callbackUrl, resources }: InstanceFileOptions): string {
  return `# Made by the simulator: these credentials open nothing else.
element:
  key: sageone
name: ${quote(tenant.name)}
tags:
  - simulator
configuration:
  oauth.api.key: ${quote(tenant.clientId)}
  oauth.api.secret: ${quote(tenant.clientSecret)}
  oauth.callback.url: http://localhost:8765/callback
  oauth.user.refresh_token: ${quote(tenant.refreshToken)}
  country: GB
  event.notification.enabled: true
  event.notification.callback.url: ${quote(callbackUrl)}
  event.notification.signature.key: ${quote(tenant.signatureKey)}
  event.poller.refresh_interval: "1"
  event.poller.configuration:
${resources.map(renderEntry).join('')}`;
}

/** JSON's strings are YAML's: what is all digits stays text. */
function quote(text: string): string {
  return JSON.stringify(text);
}

function renderEntry(resource: string): string {
  return `    ${resource}:
      url: "/hubs/finance/${resource}?where=lastModifiedDate>='\${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='created_at,updated_at'"
      idField: id
      datesConfiguration:
        updatedDateField: updated_at
        updatedDateFormat: yyyy-MM-dd'T'HH:mm:ss'Z'
        updatedDateTimezone: GMT
        createdDateField: created_at
        createdDateFormat: yyyy-MM-dd'T'HH:mm:ss'Z'
        createdDateTimezone: GMT
`;
}
