import { describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/model/secret.ts';
import { openHubSource } from '../../../../src/runtime/adapters/source/hub.ts';
import type { Source } from '../../../../src/runtime/ports/source.ts';
import type { HttpResponse } from '../../../../src/sage/http.ts';
import { createRequestBudget } from '../../../../src/sage/request-budget.ts';
import { createVirtualClock } from '../../virtual-clock.ts';
import { planPoll } from '../../poll/poll-plan.ts';

const baseUrl = 'https://platform.example.com/elements/api-v2';

/** A hub that answers from a list of rows, which may change before each answer. */
function openHub(answer: (url: URL, request: number) => Partial<HttpResponse>): {
  readonly source: Source;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const clock = createVirtualClock();
  const source = openHubSource(
    { id: 'acme' },
    {
      baseUrl,
      secrets: {
        user: new Secret('u'),
        organization: new Secret('o'),
        element: async () => new Secret('e'),
      },
      http: {
        send: async ({ url, headers }) => {
          asked.push(`${headers['authorization']} ${decodeURIComponent(url.href)}`);
          return { status: 200, headers: {}, text: '[]', ...answer(url, asked.length) };
        },
        [Symbol.asyncDispose]: async () => undefined,
      },
      budget: createRequestBudget({ appPerSecond: 15, appInFlight: 5, businessPerMinute: undefined }, clock),
      clock,
    },
  );
  return { source, asked };
}

async function readIds(source: Source, url: string, pageSize = 2): Promise<readonly unknown[]> {
  const ids: unknown[] = [];
  let cursor: string | undefined;
  do {
    const request = { poll: planPoll({ url }), kind: 'changes', sinceMs: 1000, pageSize, cursor } as const;
    const result = await source.readPage(request, new AbortController().signal);
    if (result.kind !== 'page') throw new Error(JSON.stringify(result));
    ids.push(...result.page.records.map(({ id }) => id));
    cursor = result.page.next;
  } while (cursor !== undefined);
  return ids;
}

function rowsOf(url: URL, rows: readonly string[]): Partial<HttpResponse> {
  const [page, size] = ['page', 'pageSize'].map((name) => Number(url.searchParams.get(name)));
  const from = ((page ?? 1) - 1) * (size ?? 1);
  return { text: JSON.stringify(rows.slice(from, from + (size ?? 1)).map((id) => ({ id }))) };
}

describe('a source that reads the hub', () => {
  it('asks with the URL as it is written, and paging of its own', async () => {
    const { source, asked } = openHub(() => ({}));
    const where = "where=lastModifiedDate>'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}' and attributes='updated_at'";
    await readIds(source, `/hubs/finance/customers?page=7&${where}&pageSize=1`);
    expect(asked).toEqual([
      `User u, Organization o, Element e ${baseUrl}/hubs/finance/customers?where=lastModifiedDate>'1970-01-01T00:00:00Z' and attributes='updated_at'&page=1&pageSize=1`,
    ]);
  });

  it('finds what a deletion moves to a page already read', async () => {
    const rows = ['a', 'b', 'c', 'd', 'e'];
    const { source } = openHub((url, request) => {
      if (request === 2) rows.shift();
      return rowsOf(url, rows);
    });
    expect(new Set(await readIds(source, '/hubs/finance/customers'))).toEqual(
      new Set(['a', 'b', 'c', 'd', 'e']),
    );
  });

  it('reads a single page once', async () => {
    const { source, asked } = openHub((url) => rowsOf(url, ['a']));
    expect(await readIds(source, '/hubs/finance/customers')).toEqual(['a']);
    expect(asked).toHaveLength(2);
  });

  it.each(['//evil.example.com/customers', '/../../other/customers', '/hubs/../../../x'])(
    'never sends its secrets along %s',
    async (url) => {
      const { source, asked } = openHub(() => ({}));
      await readIds(source, url).catch(() => undefined);
      expect(asked.every((line) => line.includes(` ${baseUrl}/`))).toBe(true);
    },
  );

  it.each([
    [
      { status: 401, text: '{"requestId":"r1","message":"Invalid\\u0007 token"}' },
      'lasting',
      'the hub answered 401: Invalid token (request r1)',
    ],
    [
      { status: 404, text: '{"message":"No such thing","providerMessage":"gone"}' },
      'lasting',
      'the hub answered 404: No such thing, gone',
    ],
    [{ status: 502, text: '<html>' }, 'overloaded', 'the hub answered 502'],
    [{ status: 200, text: '{"items":[]}' }, 'temporary', 'the hub answered 200 without a list of records'],
    [{ status: 200, text: '[1]' }, 'temporary', 'the hub answered 200 without a list of records'],
  ] as const)('says what is wrong with %o', async (answer, kind, message) => {
    const { source } = openHub(() => answer);
    const request = {
      poll: planPoll(),
      kind: 'changes',
      sinceMs: 0,
      pageSize: 2,
      cursor: undefined,
    } as const;
    const result = await source.readPage(request, new AbortController().signal);
    expect(result).toEqual({ kind: 'failed', failure: { kind, message } });
  });
});
