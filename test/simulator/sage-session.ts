import type { Simulator } from '../../src/simulator/simulator.ts';
import type { Tenant } from '../../src/simulator/tenant.ts';

export interface SageAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, as whatever the test expects. */
  readonly body: unknown;
}

export interface Envelope {
  readonly $total: number;
  readonly $page: number;
  readonly $next: string | null;
  readonly $back: string | null;
  readonly $itemsPerPage: number;
  readonly $items: readonly Readonly<Record<string, unknown>>[];
}

export interface SageSession {
  readonly tenant: Tenant;
  readonly accessToken: string;
  /** The one that the next refresh takes. */
  readonly refreshToken: string;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<SageAnswer>;
  /** The envelope of a list; fails on any status but 200. */
  readonly list: (path: string) => Promise<Envelope>;
}

/** Signs the tenant in with its refresh token, over HTTP only. */
export async function openSession(simulator: Simulator, name?: string): Promise<SageSession> {
  const tenant = simulator.tenants.find((each) => name === undefined || each.name === name);
  if (tenant === undefined) throw new Error(`no tenant ${name}`);
  const answer = await postForm(simulator.tokenUrl, {
    grant_type: 'refresh_token',
    refresh_token: tenant.refreshToken,
    client_id: tenant.clientId,
    client_secret: tenant.clientSecret,
  });
  const accessToken = String(fieldOf(answer.body, 'access_token'));
  const get: SageSession['get'] = async (path, headers = {}) =>
    await readAnswer(
      await fetch(`${simulator.sageUrl}${path}`, {
        headers: { authorization: `Bearer ${accessToken}`, ...headers },
      }),
    );
  return {
    tenant,
    accessToken,
    refreshToken: String(fieldOf(answer.body, 'refresh_token')),
    get,
    list: async (path) => {
      const { status, text, body } = await get(path);
      if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
      if (!isEnvelope(body)) throw new Error(`${path} is no list: ${text}`);
      return body;
    },
  };
}

export async function postForm(
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<SageAnswer> {
  return await readAnswer(await fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers }));
}

export async function readAnswer(response: Response): Promise<SageAnswer> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}

/** A field of a JSON object; undefined of anything else. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}

/** The names of the fields of a JSON object, in order of the alphabet. */
export function namesOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value).toSorted() : [];
}

/** Looks at what the tests rely on; the whole shape has a test of its own. */
function isEnvelope(value: unknown): value is Envelope {
  return typeof fieldOf(value, '$total') === 'number' && Array.isArray(fieldOf(value, '$items'));
}
