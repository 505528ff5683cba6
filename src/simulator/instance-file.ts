import type { Tenant } from './tenant.ts';

/** Which door of the simulator an instance reads by. */
export type InstanceMode = 'sage' | 'sage-legacy' | 'hub';

export const instanceModes: readonly InstanceMode[] = ['sage', 'sage-legacy', 'hub'];

export interface InstanceFileOptions {
  readonly mode: InstanceMode;
  /** Of the tenant's instance on the platform; only of mode `hub`. */
  readonly elementToken?: string | undefined;
  readonly callbackUrl: string;
  /** Names to poll: `customers`. */
  readonly resources: readonly string[];
}

/**
 * A ready instance body for that tenant, YAML. Its credentials are literal because they open nothing but this
 * simulator, for as long as it runs.
 */
export function renderInstanceFile(tenant: Tenant, options: InstanceFileOptions): string {
  const { callbackUrl, resources } = options;
  return `# Made by the simulator: these credentials open nothing else.
element:
  key: sageone
name: ${quote(tenant.name)}
${tokenLine(options)}tags:
  - simulator
configuration:
${credentialLines(tenant, options.mode)}  country: GB
  event.notification.enabled: true
  event.notification.callback.url: ${quote(callbackUrl)}
  event.notification.signature.key: ${quote(tenant.signatureKey)}
  event.poller.refresh_interval: "1"
  event.poller.configuration:
${resources.map(renderEntry).join('')}`;
}

function tokenLine({ mode, elementToken = '' }: InstanceFileOptions): string {
  return mode === 'hub' ? `token: ${quote(elementToken)}\n` : '';
}

function credentialLines(tenant: Tenant, mode: InstanceMode): string {
  if (mode === 'hub') return '';
  const legacy = `  apim.subscription.key: ${quote(tenant.subscriptionKey)}
  signature.secret: ${quote(tenant.signingSecret)}
`;
  return `  oauth.api.key: ${quote(tenant.clientId)}
  oauth.api.secret: ${quote(tenant.clientSecret)}
  oauth.callback.url: http://localhost:8765/callback
  oauth.user.refresh_token: ${quote(tenant.refreshToken)}
${mode === 'sage-legacy' ? legacy : ''}`;
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
