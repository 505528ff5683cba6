import type { ReceivedRequest } from '../http/answer.ts';
import { headerOf } from '../http/answer.ts';
import type { Tenant } from '../tenant.ts';

/** Sage's own pages disagree on where the client's secret goes, so both ways work, and it is told which. */
export interface ClientAuthentication {
  readonly way: 'body' | 'basic';
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Undefined when the request names no client. */
export function readClientAuthentication(
  request: ReceivedRequest,
  form: URLSearchParams,
): ClientAuthentication | undefined {
  const header = /^Basic (?<credentials>.+)$/i.exec(headerOf(request, 'authorization') ?? '');
  const credentials = header?.groups?.['credentials'];
  if (credentials !== undefined) {
    const [clientId = '', clientSecret = ''] = Buffer.from(credentials, 'base64').toString().split(':');
    return { way: 'basic', clientId, clientSecret };
  }
  const clientId = form.get('client_id');
  if (clientId === null) return undefined;
  return { way: 'body', clientId, clientSecret: form.get('client_secret') ?? '' };
}

export function isKnownClient(
  { clientId, clientSecret }: ClientAuthentication,
  tenants: readonly Tenant[],
): boolean {
  return tenants.some((tenant) => tenant.clientId === clientId && tenant.clientSecret === clientSecret);
}
