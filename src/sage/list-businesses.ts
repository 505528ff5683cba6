import type { Secret } from '../model/secret.ts';
import type { SendHttp } from './http.ts';
import { classifyResponse, networkFailure } from './sage-failure.ts';
import type { SageFailure } from './sage-failure.ts';

interface Business {
  readonly id: string;
  readonly name: string;
}

export type BusinessList =
  | { readonly kind: 'businesses'; readonly businesses: readonly Business[] }
  | { readonly kind: 'failed'; readonly failure: SageFailure };

/** The businesses that the user of an access token can see: one answer, Sage does not page this list. */
export async function listBusinesses(
  { baseUrl, accessToken }: { readonly baseUrl: string; readonly accessToken: Secret },
  { send, now }: { readonly send: SendHttp; readonly now: () => number },
): Promise<BusinessList> {
  try {
    const response = await send({
      method: 'GET',
      url: new URL(`${baseUrl.replace(/\/+$/, '')}/businesses`),
      headers: { authorization: `Bearer ${accessToken.reveal()}`, accept: 'application/json' },
    });
    if (response.status !== 200) return { kind: 'failed', failure: classifyResponse(response, now()) };
    const businesses = readItems(response.text);
    if (businesses !== undefined) return { kind: 'businesses', businesses };
    const message = 'Sage answered 200 without a list of businesses';
    return { kind: 'failed', failure: { kind: 'malformed', message } };
  } catch (error) {
    return { kind: 'failed', failure: networkFailure(error) };
  }
}

function readItems(text: string): readonly Business[] | undefined {
  const body = parse(text);
  const items = typeof body === 'object' && body !== null && '$items' in body ? body.$items : undefined;
  if (!Array.isArray(items)) return undefined;
  return items.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null || !('id' in item) || typeof item.id !== 'string')
      return [];
    const name =
      'displayed_as' in item && typeof item.displayed_as === 'string' ? item.displayed_as : item.id;
    return [{ id: item.id, name }];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A gateway's page, with a status that says otherwise.
    return undefined;
  }
}
