import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import type { Grant } from '../../src/sage/grant.ts';
import type { HttpResponse } from '../../src/sage/http.ts';
import { createRequestBudget } from '../../src/sage/request-budget.ts';
import { createSageClient } from '../../src/sage/sage-client.ts';
import type { SageClient } from '../../src/sage/sage-client.ts';
import { createVirtualClock } from '../runtime/virtual-clock.ts';

const empty = '{"$items":[],"$total":0,"$next":null}';
const expired = '[{"$dataCode":"AuthenticationFailure","$message":"The access token has expired."}]';
const ended = '[{"$dataCode":"AuthorizationFailure","$message":"No active subscription. (MSE)"}]';

const token = (text: string) => ({ kind: 'token', accessToken: new Secret(text) }) as const;

function openClient(
  answers: readonly Partial<HttpResponse>[],
  business: string | undefined = 'b1',
): { client: SageClient; sent: string[] } {
  const sent: string[] = [];
  const clock = createVirtualClock();
  const grant: Grant = {
    accessToken: async () => token('first'),
    renew: async () => token('second'),
    settled: async () => undefined,
  };
  const client = createSageClient({
    baseUrl: 'https://sage.example.com/v3.1/',
    app: 'app',
    business: business === '' ? undefined : business,
    budgetKey: 'b1',
    grant,
    budget: createRequestBudget({ appPerSecond: 100, appInFlight: 10, businessPerMinute: undefined }, clock),
    clock,
    send: async ({ url, headers }) => {
      const answer = answers[sent.length];
      sent.push(`${headers['authorization']} ${headers['x-business']} ${url.href}`);
      if (answer === undefined) throw new Error('more requests than expected');
      return { status: 200, headers: {}, text: empty, ...answer };
    },
  });
  return { client, sent };
}

describe('createSageClient', () => {
  it('asks for a list below the base URL, every value encoded', async () => {
    const { client, sent } = openClient([{}]);
    const result = await client.list({ path: '/contacts', query: [['search', "o'b+c&d é"]] });
    expect(result.kind).toBe('page');
    expect(sent).toEqual([
      'Bearer first b1 https://sage.example.com/v3.1/contacts?search=o%27b%2Bc%26d%20%C3%A9',
    ]);
  });

  it('renews the token once after a 401, and then gives up', async () => {
    const { client, sent } = openClient([
      { status: 401, text: expired },
      { status: 401, text: expired },
    ]);
    const result = await client.list({ path: '/contacts', query: [] });
    expect(result).toMatchObject({ kind: 'failed', failure: { kind: 'unauthorised' } });
    expect(sent.map((line) => line.split(' ')[1])).toEqual(['first', 'second']);
  });

  it('does not renew the token for an ended subscription', async () => {
    const { client, sent } = openClient([{ status: 401, text: ended }]);
    const result = await client.list({ path: '/contacts', query: [] });
    expect(result).toMatchObject({ kind: 'failed', failure: { kind: 'subscription' } });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['/contacts?page=2&items_per_page=50', 'https://sage.example.com/v3.1/contacts?page=2&items_per_page=50'],
    ['/v3.1/contacts?page=2', 'https://sage.example.com/v3.1/contacts?page=2'],
    ['https://sage.example.com/v3.1/contacts?page=2', 'https://sage.example.com/v3.1/contacts?page=2'],
  ])('follows the link %s', async (next, url) => {
    const { client, sent } = openClient([{}]);
    expect((await client.listNext(next)).kind).toBe('page');
    expect(sent).toEqual([`Bearer first b1 ${url}`]);
  });

  it.each([
    'https://evil.example.com/v3.1/contacts?page=2',
    '//evil.example.com/v3.1/contacts',
    'http://sage.example.com/v3.1/contacts',
    'https://sage.example.com/other/contacts',
    'https://sage.example.com.evil.example.com/v3.1/contacts',
    'https://user@sage.example.com/v3.1/contacts',
    '/../admin/contacts',
    'javascript:alert(1)',
  ])('never sends the token along the link %s', async (next) => {
    const { client, sent } = openClient([{}]);
    expect(await client.listNext(next)).toMatchObject({ kind: 'failed', failure: { kind: 'malformed' } });
    expect(sent).toEqual([]);
  });

  it.each([
    ['another business', { headers: { 'x-business': 'b2' } }, 'business'],
    ['no JSON', { text: '<html>' }, 'malformed'],
    ['no list', { text: '{"id":"1"}' }, 'malformed'],
    ['a list of something else', { text: '{"$items":["1"]}' }, 'malformed'],
    ['too much', { status: 429 }, 'throttled'],
  ])('refuses an answer with %s', async (_case, answer, kind) => {
    const { client } = openClient([answer]);
    const result = await client.list({ path: '/contacts', query: [] });
    expect(result).toMatchObject({ kind: 'failed', failure: { kind } });
  });

  it('stays with the business that answered first, where none was told', async () => {
    const [lead, other] = ['b7', 'b8'].map((id) => ({ headers: { 'x-business': id } }));
    const { client, sent } = openClient([{ ...lead }, { ...lead }, { ...other }], '');
    const request = { path: '/contacts', query: [] };
    expect((await client.list(request)).kind).toBe('page');
    expect((await client.list(request)).kind).toBe('page');
    expect(await client.list(request)).toMatchObject({ kind: 'failed', failure: { kind: 'business' } });
    expect(sent.map((line) => line.split(' ')[2])).toEqual(['undefined', 'b7', 'b7']);
  });

  it('reads total, next and the server’s time', async () => {
    const text = '{"$items":[{"id":"1"}],"$total":41,"$page":1,"$next":"/contacts?page=2"}';
    const { client } = openClient([{ text, headers: { date: 'Mon, 23 Nov 2026 09:00:00 GMT' } }]);
    expect(await client.list({ path: '/contacts', query: [] })).toEqual({
      kind: 'page',
      page: {
        items: [{ id: '1' }],
        total: 41,
        number: 1,
        next: '/contacts?page=2',
        serverTimeMs: Date.UTC(2026, 10, 23, 9, 0, 0),
      },
    });
  });
});
